const NEEDS_ESCAPE = /[^ !#-[\]-~]/;
const ESCAPED = /[^ !#-[\]-~]/g;
const SHORT: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  '"': '\\"',
  "\\": "\\\\",
};

const escapeUnit = (unit: string): string =>
  SHORT[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

export const needsEscape = (text: string): boolean => NEEDS_ESCAPE.test(text);

/** A JSON string literal of pure ASCII, as Python's `json.dumps` writes it. */
export function quote(text: string): string {
  return needsEscape(text) ? `"${text.replace(ESCAPED, escapeUnit)}"` : `"${text}"`;
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

/** Orders by code point, as Python does; JavaScript's own order differs for astral characters. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const xAstral = isSurrogate(x);
    return xAstral === isSurrogate(y) ? x - y : xAstral ? 1 : -1;
  }
  return a.length - b.length;
}
