import { asciiBytes } from "./byte-writer.ts";
import type { WireClasses } from "./generated/classes.ts";
import { WireFilled } from "./nodes.ts";
import type { WireValue } from "./value.ts";
import { layoutOf, WireError } from "./wire.ts";
import { isSkipped, writeWire } from "./write.ts";

/** Fills the gaps of one object; everything else of it is bytes already. */
export interface WireTemplate<K extends string> {
  (fields: { readonly [F in K]: WireValue }): WireFilled;
  readonly parts: TemplateParts;
}

/** What a template writes: each segment, the field that follows it, and the closing at the end. */
export interface TemplateParts {
  readonly className: string;
  readonly segments: readonly Uint8Array[];
  /** As many as there are segments. */
  readonly names: readonly string[];
  readonly closing: Uint8Array;
}

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
  const names: string[] = [];
  const segments: Uint8Array[] = [];
  let segment: Uint8Array[] = [layout.opening];
  for (const field of layout.fields) {
    if (gaps.has(field.name)) {
      if (field.skip !== "never")
        throw new WireError(`template of \`${name}\` cannot open \`${field.name}\``);
      segments.push(Buffer.concat([...segment, field.prefix]));
      names.push(field.name);
      segment = [];
      continue;
    }
    const value = constants[field.name] ?? field.fallback;
    if (field.required && constants[field.name] === undefined) {
      throw new WireError(`template of \`${name}\` needs field \`${field.name}\``);
    }
    if (field.skip === "never" || !isSkipped(value, field.skip)) {
      segment.push(field.prefix, asciiBytes(writeWire(value)));
    }
  }
  const opened = open.filter((field) => !layout.dropped.has(field));
  if (names.length !== opened.length) throw new WireError(`template of \`${name}\` opens an unknown field`);
  const parts: TemplateParts = {
    className: name,
    segments,
    names,
    closing: Buffer.concat([...segment, asciiBytes("}")]),
  };
  return templateOf(parts);
}

const templateOf = <K extends string>(parts: TemplateParts): WireTemplate<K> =>
  Object.assign((fields: { readonly [F in K]: WireValue }) => new WireFilled(parts, fields), { parts });

/** The outer template with the inner one in its gap `at`: one object instead of two for each that is written. */
export function nestTemplate<O extends string, const A extends O, I extends string>(
  outer: WireTemplate<O>,
  at: A,
  inner: WireTemplate<I>,
): WireTemplate<Exclude<O, A> | I> {
  const { className, names } = outer.parts;
  const index = names.indexOf(at);
  const doubled = inner.parts.names.find((name) => name !== at && names.includes(name));
  if (index < 0 || doubled !== undefined)
    throw new WireError(`template of \`${className}\` cannot be nested`);
  const texts = textsOf(outer.parts);
  const [before = NOTHING, after = NOTHING, ...rest] = texts.slice(index);
  const [first = NOTHING, ...others] = textsOf(inner.parts);
  // An inner template without gaps is one text.
  const joined = [Buffer.concat([before, first]), ...others];
  const last = joined.pop() ?? NOTHING;
  const segments = [...texts.slice(0, index), ...joined, Buffer.concat([last, after]), ...rest];
  return templateOf({
    className,
    segments: segments.slice(0, -1),
    names: [...names.slice(0, index), ...inner.parts.names, ...names.slice(index + 1)],
    closing: segments.at(-1) ?? NOTHING,
  });
}

/** The template with some of its gaps filled for good: what many objects have in common is written once. */
export function presetTemplate<K extends string, P extends K>(
  template: WireTemplate<K>,
  fields: { readonly [F in P]: WireValue },
): WireTemplate<Exclude<K, P>> {
  const { className, names } = template.parts;
  const known: Readonly<Record<string, WireValue | undefined>> = fields;
  const [opening = NOTHING, ...texts] = textsOf(template.parts);
  const segments: Uint8Array[] = [];
  const open: string[] = [];
  let text: Uint8Array[] = [opening];
  for (const [i, name] of names.entries()) {
    const value = known[name];
    if (value === undefined) {
      segments.push(Buffer.concat(text));
      open.push(name);
      text = [];
    } else text.push(asciiBytes(writeWire(value)));
    text.push(texts[i] ?? NOTHING);
  }
  return templateOf({ className, segments, names: open, closing: Buffer.concat(text) });
}

/** What stands before, between and after the gaps: one more than there are gaps. */
const textsOf = ({ segments, closing }: TemplateParts): readonly Uint8Array[] => [...segments, closing];

const NOTHING = new Uint8Array();
