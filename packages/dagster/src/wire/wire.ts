import type { WireClasses, WireEnums } from "./generated/classes.ts";
import { hostTable, newestTable } from "./host-table.ts";
import { type ClassLayout, compileLayout } from "./layout.ts";
import { WireEnum, WireItems, WireObject, WireSet, WireStream, WireText } from "./nodes.ts";
import type { WireValue } from "./value.ts";

/** The table that objects are written with; readers ignore fields that they do not know. */
export const currentTable = hostTable.table;

/** A wire object that the class table does not allow: an error of this package, not of a user. */
export class WireError extends Error {
  override readonly name = "WireError";
}

const layouts = new Map<string, ClassLayout>();

export function layoutOf(name: string): ClassLayout {
  const known = layouts.get(name);
  if (known !== undefined) return known;
  const entry = currentTable.objects[name];
  if (entry === undefined) {
    throw new WireError(`Dagster ${currentTable.version} has no wire class \`${name}\`${since(name)}`);
  }
  const layout = compileLayout(name, entry, newestTable.objects[name]);
  layouts.set(name, layout);
  return layout;
}

const since = (name: string): string =>
  name in newestTable.objects ? `; Dagster ${newestTable.version} has it` : "";

/** An object of wire class `name`. Fields with a default may be left out; an unknown field is an error. */
export function wire<N extends keyof WireClasses>(name: N, fields: WireClasses[N]): WireObject {
  return wireDynamic(name, fields as Readonly<Record<string, WireValue>>);
}

/** `wire` for class names that are only known at run time, such as nodes of an automation condition. */
export function wireDynamic(
  name: string,
  fields: Readonly<Record<string, WireValue | undefined>>,
): WireObject {
  const layout = layoutOf(name);
  let given = 0;
  const values = layout.fields.map((field): WireValue => {
    const value = fields[field.name];
    if (value !== undefined) {
      given++;
      return value;
    }
    if (field.required) throw new WireError(`wire class \`${name}\` needs field \`${field.name}\``);
    return field.fallback;
  });
  if (given < Object.keys(fields).length) refuseUnknown(layout, fields);
  return new WireObject(layout, values);
}

function refuseUnknown(layout: ClassLayout, fields: object): void {
  const unknown = Object.entries(fields).find(
    ([name, value]) => value !== undefined && !layout.indexByName.has(name) && !layout.dropped.has(name),
  );
  if (unknown) throw new WireError(`wire class \`${layout.name}\` has no field \`${unknown[0]}\``);
}

/** A field of a wire object that is being built; undefined when the class has no such field. */
export function wireField(object: WireObject, name: string): WireValue | undefined {
  const index = object.layout.indexByName.get(name);
  return index === undefined ? undefined : object.fields[index];
}

export function wireEnum<N extends keyof WireEnums>(type: N, member: WireEnums[N]): WireEnum {
  return new WireEnum(`${type}.${member}`);
}

export const wireSet = (items: Iterable<WireValue>): WireSet => new WireSet("__set__", [...items]);
export const frozenSet = (items: Iterable<WireValue>): WireSet => new WireSet("__frozenset__", [...items]);
export const wireItems = (items: Iterable<readonly [WireValue, WireValue]>): WireItems =>
  new WireItems([...items]);
/** Only for text that `writeWire` made. */
export const wireText = (text: string): WireText => new WireText(text);
/** Items are made one by one while the document is written; may be written only as often as it can be iterated. */
export const wireStream = (items: Iterable<WireValue>): WireStream => new WireStream(items);
