import { directoryOf, joinPath } from "../paths.ts";

/** The folder that a models glob such as `models/**` starts in: its literal part up to the first wildcard. */
export const modelsDirectory = (configDirectory: string, glob: string): string => {
  const wildcard = glob.search(/[*?[{]/);
  const literal = wildcard < 0 ? glob : glob.slice(0, wildcard);
  const folder = wildcard < 0 ? literal : literal.endsWith("/") ? literal : directoryOf(`${literal}x`);
  return joinPath(configDirectory, folder === "" ? "." : folder);
};
