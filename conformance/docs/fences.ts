/** One fenced block of a Markdown page. */
export interface Fence {
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  /** Words behind the language: `file=rocky.toml`, `background`, `until="serving"`. */
  readonly flags: ReadonlyMap<string, string>;
  readonly text: string;
}

const FENCE = /^(\s*)(`{3,})(.*)$/;

/** Every fenced block of a page, in order. */
export function fencesOf(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  const lines = markdown.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const opening = FENCE.exec(lines[at] ?? "");
    if (opening === null) continue;
    const [, indent = "", ticks = "```", info = ""] = opening;
    const end = lines.findIndex((line, index) => index > at && line.trim() === ticks);
    if (end < 0) throw new Error(`line ${at + 1}: this block is never closed`);
    const [language = "", ...flags] = words(info);
    fences.push({
      line: at + 1,
      language,
      flags: new Map(flags.map(flag)),
      text: lines
        .slice(at + 1, end)
        .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
        .join("\n"),
    });
    at = end;
  }
  return fences;
}

/** Words are separated by blanks outside of quotes. */
const words = (info: string): readonly string[] => info.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];

const flag = (word: string): readonly [string, string] => {
  const equals = word.indexOf("=");
  return equals < 0 ? [word, ""] : [word.slice(0, equals), word.slice(equals + 1).replace(/^"(.*)"$/, "$1")];
};
