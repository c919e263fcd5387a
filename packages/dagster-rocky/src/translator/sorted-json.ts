/**
 * JSON with sorted keys and a blank after `,` and `:`, non-ASCII escaped. Two loads of the same state give
 * the same text, and so the same snapshot; it is the text Python's `json.dumps` writes.
 */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${quote(key)}: ${sortedJson(item)}`);
    return `{${entries.join(", ")}}`;
  }
  return typeof value === "string" ? quote(value) : (JSON.stringify(value) ?? "null");
}

const NON_ASCII = /[\u007f-\uffff]/g;

const quote = (text: string): string =>
  JSON.stringify(text).replace(NON_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
