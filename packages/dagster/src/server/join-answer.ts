import type { LocationAnswer } from "./code-location.ts";

/** A whole answer, for replies that are one message. */
export const joined = async ({ chunks }: LocationAnswer): Promise<Buffer> => {
  const copies: Buffer[] = [];
  for await (const chunk of chunks) copies.push(Buffer.from(chunk));
  const [only] = copies;
  return only !== undefined && copies.length === 1 ? only : Buffer.concat(copies);
};
