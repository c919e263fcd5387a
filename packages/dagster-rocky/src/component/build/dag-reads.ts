import type { AssetDep } from "@dagster-rocky/dagster";
import type { ShownGraph } from "../../resource/outputs/graph.ts";
import type { DagNode } from "../../translator/inputs.ts";
import type { BuildContext } from "./build-context.ts";
import { throughHidden } from "./ephemeral.ts";

const NOTHING: readonly string[] = [];

export const isEphemeral = (node: DagNode | undefined): boolean => node?.strategy?.type === "ephemeral";

/** Node ids that are upstream of a node, ephemeral ones replaced by theirs. */
interface UpstreamNodes {
  /** The engine's graph. */
  readonly shown: (id: string) => readonly string[];
  /** What runs in one op also follows the SQL. */
  readonly awaited: (id: string) => readonly string[];
}

export function upstreamNodes(
  context: BuildContext,
  dag: ShownGraph,
  nodes: ReadonlyMap<string, DagNode>,
  deps: ReadonlyMap<string, AssetDep>,
): UpstreamNodes {
  const lookedThrough = (listed: (id: string) => readonly string[]) =>
    throughHidden(
      listed,
      (id) => isEphemeral(nodes.get(id)),
      (id) => deps.has(id),
    );
  const declared = (id: string): readonly string[] => nodes.get(id)?.dependsOn ?? NOTHING;
  const inSql = readsInSql(context, dag, nodes, declared);
  return {
    shown: lookedThrough(declared),
    awaited: lookedThrough((id) => {
      const more = inSql(id);
      return more.length === 0 ? declared(id) : [...declared(id), ...more];
    }),
  };
}

/**
 * Node ids that a model reads in its SQL beside those that it declares. The engine's graph lists what sidecars
 * declare, while its own runs also follow the SQL: who builds models one by one has to know both, or builds a
 * reader before what it reads.
 */
function readsInSql(
  { state }: BuildContext,
  dag: ShownGraph,
  nodes: ReadonlyMap<string, DagNode>,
  declared: (id: string) => readonly string[],
): (id: string) => readonly string[] {
  const reads = new Map<string, Set<string>>();
  const ids = new Map<string, string | undefined>();
  const idOf = (read: string): string | undefined => {
    const known = ids.get(read);
    if (known !== undefined || ids.has(read)) return known;
    const id = [`transformation:${read}`, `seed:${read}`].find((candidate) => nodes.has(candidate));
    ids.set(read, id);
    return id;
  };
  const readerOf = (model: string) => {
    const id = `transformation:${model}`;
    return { model, id, seen: new Set(declared(id)) };
  };
  // Edges come model by model.
  let reader = readerOf("");
  const add = (model: string, read: string): void => {
    const id = idOf(read);
    if (id === undefined || model === read) return;
    if (reader.model !== model) reader = readerOf(model);
    if (reader.seen.has(id)) return;
    reader.seen.add(id);
    const known = reads.get(reader.id);
    if (known) known.add(id);
    else reads.set(reader.id, new Set([id]));
  };
  for (const { name, dependsOn } of state.compile?.modelsDetail ?? [])
    for (const read of dependsOn) add(name, read);
  for (const { source, target } of dag.columnLineage) add(target.model, source.model);
  return (id) => {
    const found = reads.get(id);
    return found === undefined ? NOTHING : [...found];
  };
}
