import { createHash } from "node:crypto";
import type { AssetNode, OpNode } from "../planning/index.ts";
import {
  compareText,
  pythonText,
  type WireText,
  type WireValue,
  wireText,
  writeWire,
} from "../wire/index.ts";
import { assetCheckKey, assetKey, filledKey } from "./keys.ts";

/** A value that is written out once. */
export const written = (value: WireValue): WireText => wireText(writeWire(value));

/** Texts that many nodes repeat are written once. */
export class SharedTexts {
  readonly #byObject = new Map<object, WireText>();
  readonly #outputNames = new Map<OpNode, ReadonlyMap<AssetNode, string>>();
  readonly #unitIds = new Map<OpNode, string | null>();
  #lastKey: { readonly asset: AssetNode; readonly text: WireText } | undefined;

  once<T extends object>(value: T | undefined, make: (value: T) => WireValue): WireText | null {
    if (value === undefined) return null;
    const known = this.#byObject.get(value);
    if (known !== undefined) return known;
    const text = written(make(value));
    this.#byObject.set(value, text);
    return text;
  }

  /** Few lists of texts are in use, each by many nodes. */
  list(texts: readonly string[]): WireText | null {
    return this.once(texts, () => texts);
  }

  /** Checks of one asset follow each other. */
  keyOf(asset: AssetNode): WireText {
    if (this.#lastKey?.asset !== asset) this.#lastKey = { asset, text: written(filledKey(asset.key)) };
    return this.#lastKey.text;
  }

  outputName(op: OpNode, asset: AssetNode): string | null {
    let names = this.#outputNames.get(op);
    if (names === undefined) {
      names = new Map(
        op.outputs.flatMap(({ asset: made, name }) => (made === undefined ? [] : [[made, name]])),
      );
      this.#outputNames.set(op, names);
    }
    return names.get(asset) ?? null;
  }

  executionUnit(op: OpNode): string | null {
    const known = this.#unitIds.get(op);
    if (known !== undefined) return known;
    const id = executionUnitId(op);
    this.#unitIds.set(op, id);
    return id;
  }
}

/** Assets and checks that cannot be run apart share this id; null when each can run alone. */
function executionUnitId(op: OpNode): string | null {
  const { definition } = op;
  const isTogether = definition.kind === "assets" && definition.launchedTogether === true;
  if (definition.canSubset && !isTogether) return null;
  if (op.definition.kind === "assets" && op.assets.length === 1 && op.checks.length === 0) return null;
  const texts = [
    ...op.assets.map((asset) => pythonText(assetKey(asset.key))),
    ...op.checks.map((check) => pythonText(assetCheckKey(check.key))),
  ].sort(compareText);
  return createHash("md5").update(writeWire(texts)).digest("hex").slice(0, 8);
}
