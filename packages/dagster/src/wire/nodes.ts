import type { ClassLayout } from "./layout.ts";
import type { TemplateParts } from "./template.ts";
import type { WireValue } from "./value.ts";

/** An object of a known class; `fields` holds values in the layout's (sorted) order. */
export class WireObject {
  readonly layout: ClassLayout;
  readonly fields: readonly WireValue[];

  constructor(layout: ClassLayout, fields: readonly WireValue[]) {
    this.layout = layout;
    this.fields = fields;
  }
}

/** A template with its gaps filled; what a document holds by the thousand. */
export class WireFilled {
  readonly parts: TemplateParts;
  readonly fields: Readonly<Record<string, WireValue>>;

  constructor(parts: TemplateParts, fields: Readonly<Record<string, WireValue>>) {
    this.parts = parts;
    this.fields = fields;
  }
}

/** An enum member, by name. */
export class WireEnum {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A Python set or frozen set; written in the order of the items' Python texts. */
export class WireSet {
  readonly marker: "__set__" | "__frozenset__";
  readonly items: readonly WireValue[];

  constructor(marker: "__set__" | "__frozenset__", items: readonly WireValue[]) {
    this.marker = marker;
    this.items = items;
  }
}

/** A mapping whose keys are not strings. */
export class WireItems {
  readonly items: readonly (readonly [WireValue, WireValue])[];

  constructor(items: readonly (readonly [WireValue, WireValue])[]) {
    this.items = items;
  }
}

/** Text that is already canonical JSON: cached subtrees are written as they are. */
export class WireText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** An array whose items are made while it is written, so that a large document is never whole in memory. */
export class WireStream {
  readonly items: Iterable<WireValue>;

  constructor(items: Iterable<WireValue>) {
    this.items = items;
  }
}
