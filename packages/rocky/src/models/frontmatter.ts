export interface Frontmatter {
  /** The TOML between the fences, behind an empty line in place of the first: places in it are those of the file. */
  readonly config: string;
  readonly sql: string;
  /** Lines before the SQL starts. */
  readonly lineOffset: number;
}

const OPEN = /^---toml[ \t]*\r?\n/;
const CLOSE = /^---[ \t]*\r?$/m;

/** Splits a model file whose config sits between `---toml` and `---`; undefined for any other file. */
export const splitFrontmatter = (text: string): Frontmatter | undefined => {
  const open = OPEN.exec(text);
  if (open === null) return undefined;
  const body = text.slice(open[0].length);
  const close = CLOSE.exec(body);
  if (close === null) return undefined;
  const after = body.slice(close.index + close[0].length).replace(/^\n/, "");
  const before = text.slice(0, text.length - after.length);
  return { config: `\n${body.slice(0, close.index)}`, sql: after, lineOffset: before.split("\n").length - 1 };
};
