export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const bytes = new TextEncoder();

const compareBytes = (left: string, right: string): number => {
  const a = bytes.encode(left);
  const b = bytes.encode(right);
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Compact JSON with the keys of every object in byte order, so that equal values give equal texts. */
export const canonicalJson = (value: Json): string => {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const entries = Object.entries(value).sort(([left], [right]) => compareBytes(left, right));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(",")}}`;
};
