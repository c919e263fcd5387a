import { choice, nullable, object, text, type Static } from "../schema.ts";

export const hooksTestSchema = object(
  { event: text, status: choice("no_hooks", "continue", "abort") },
  { message: nullable(text), result: nullable(text) },
);
export type HooksTestOutput = Static<typeof hooksTestSchema>;
