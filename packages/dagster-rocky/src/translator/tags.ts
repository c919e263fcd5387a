const ILLEGAL = /[^A-Za-z0-9_.-]/g;
const MAX_LENGTH = 63;

/** Dagster takes at most 63 characters of `[A-Za-z0-9_.-]`; one bad value would keep the location down. */
export const tagValue = (text: string): string => text.replace(ILLEGAL, "_").slice(0, MAX_LENGTH);

const cleanSegment = (text: string): string => text.replace(ILLEGAL, "_").slice(0, MAX_LENGTH) || "_";

/** A tag key may have one `namespace/` in front; both halves follow the rule for values. */
export function tagKey(text: string): string {
  const slash = text.indexOf("/");
  if (slash < 0) return cleanSegment(text);
  return `${cleanSegment(text.slice(0, slash))}/${cleanSegment(text.slice(slash + 1))}`;
}
