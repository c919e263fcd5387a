import type { WireClasses } from "./generated/classes.ts";
import type { WireValue } from "./value.ts";
import { layoutOf, WireError } from "./wire.ts";
import { isSkipped, writeWire } from "./write.ts";

/** Writes the fields of one object; those that were fixed are already text. */
export type WireTemplate<K extends string> = (fields: { readonly [F in K]: WireValue }) => string;

/**
 * A writer for objects of one class of which a document holds thousands. Fields in `fixed`, and those with a
 * default that are not in `open`, are written once; a call only fills in the open ones.
 */
export function wireTemplate<N extends keyof WireClasses, const K extends keyof WireClasses[N] & string>(
  name: N,
  open: readonly K[],
  fixed: Partial<WireClasses[N]> = {},
): WireTemplate<K> {
  const layout = layoutOf(name);
  const constants = fixed as Readonly<Record<string, WireValue | undefined>>;
  const gaps: ReadonlySet<string> = new Set(open);
  const names: K[] = [];
  const segments: string[] = [];
  let segment = layout.opening;
  for (const field of layout.fields) {
    if (gaps.has(field.name)) {
      if (field.skip !== "never")
        throw new WireError(`template of \`${name}\` cannot open \`${field.name}\``);
      segments.push(segment + field.prefix);
      names.push(field.name as K);
      segment = "";
      continue;
    }
    const value = constants[field.name] ?? field.fallback;
    if (field.required && constants[field.name] === undefined) {
      throw new WireError(`template of \`${name}\` needs field \`${field.name}\``);
    }
    if (field.skip === "never" || !isSkipped(value, field.skip)) segment += field.prefix + writeWire(value);
  }
  const opened = open.filter((field) => !layout.dropped.has(field));
  if (names.length !== opened.length) throw new WireError(`template of \`${name}\` opens an unknown field`);
  const closing = `${segment}}`;
  return (fields) => {
    let text = "";
    for (let i = 0; i < names.length; i++) {
      const field = names[i];
      if (field !== undefined) text += segments[i] + writeWire(fields[field]);
    }
    return text + closing;
  };
}
