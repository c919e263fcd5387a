import type { AssetKey } from "../definitions/keys.ts";
import type { AssetNode, CheckNode, OpInput, OpNode, OpOutput } from "./nodes.ts";

const SUBSET_INPUT = "__subset_input__";

const UNSAFE = /[^A-Za-z0-9_]/;
const safe = (text: string): string => (UNSAFE.test(text) ? text.replaceAll(/[^A-Za-z0-9_]/g, "_") : text);
const outputNameOf = (key: AssetKey): string => safe(key.path.join("__"));
const inputNameOf = (key: AssetKey): string => safe(key.path.join("_"));

/** Names that would collide get a number, so that no edge or output is lost. */
function uniqueNames(): (wanted: string) => string {
  const taken = new Set<string>();
  return (wanted) => {
    let name = wanted;
    for (let i = 2; taken.has(name); i++) name = `${wanted}_${i}`;
    taken.add(name);
    return name;
  };
}

export function opOutputs(op: OpNode): readonly OpOutput[] {
  const unique = uniqueNames();
  const { definition } = op;
  const fixed = definition.kind === "assets" ? definition.outputName : "result";
  const assets = op.assets.map(
    (asset): OpOutput => ({
      name: unique(op.assets.length === 1 && fixed !== undefined ? fixed : outputNameOf(asset.key)),
      asset,
      isRequired: !definition.canSubset && !asset.spec.skippable,
    }),
  );
  // Checks of one asset follow each other, and many assets have checks of the same names.
  let last: { readonly asset: AssetNode; readonly name: string } | undefined;
  const checkNames = new Map<string, string>();
  const checkOutputName = ({ asset, spec: { key } }: CheckNode): string => {
    if (last?.asset !== asset) last = { asset, name: outputNameOf(asset.key) };
    const name = checkNames.get(key.name) ?? safe(key.name);
    checkNames.set(key.name, name);
    return `${last.name}_${name}`;
  };
  const alone = definition.kind === "checks" && op.checks.length === 1;
  const checks = op.checks.map(
    (check): OpOutput => ({
      name: unique(alone ? "result" : checkOutputName(check)),
      check,
      isRequired: !definition.canSubset,
    }),
  );
  return [...assets, ...checks];
}

export function opInputs(op: OpNode): readonly OpInput[] {
  const unique = uniqueNames();
  const own = new Set(op.assets);
  const inputs: OpInput[] = [];
  const known = new Set<AssetNode>();
  const add = (asset: AssetNode): void => {
    if (known.has(asset)) return;
    known.add(asset);
    inputs.push({ name: unique(inputNameOf(asset.key)), asset, isInternal: false });
  };
  for (const asset of op.assets) {
    for (const edge of asset.parents) {
      // An internal edge with a mapping reads other partitions of an asset that this op makes.
      if (!own.has(edge.asset) || edge.partitionMapping !== undefined) add(edge.asset);
    }
  }
  for (const check of op.checks) {
    if (!own.has(check.asset)) add(check.asset);
    if (op.definition.kind === "checks") for (const parent of check.additionalParents) add(parent);
  }
  if (op.definition.canSubset) addSubsetInputs(op, own, known, inputs);
  return inputs;
}

function addSubsetInputs(
  op: OpNode,
  own: ReadonlySet<AssetNode>,
  known: ReadonlySet<AssetNode>,
  inputs: OpInput[],
): void {
  const needed = new Set<AssetNode>();
  for (const asset of op.assets) for (const edge of asset.parents) needed.add(edge.asset);
  for (const output of op.outputs) {
    const { asset } = output;
    if (asset !== undefined && own.has(asset) && needed.has(asset) && !known.has(asset)) {
      inputs.push({ name: SUBSET_INPUT + output.name, asset, isInternal: true });
    }
  }
}
