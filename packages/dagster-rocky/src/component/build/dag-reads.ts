import type { DagOutput } from "../../resource/outputs/graph.ts";
import type { DagNode } from "../../translator/inputs.ts";
import type { BuildContext } from "./build-context.ts";

/**
 * Node ids that a model reads in its SQL. The engine's graph lists what sidecars declare, while its own runs
 * also follow the SQL: who builds models one by one has to know both, or builds a reader before what it reads.
 */
export function readsInSql(
  { state }: BuildContext,
  dag: DagOutput,
  nodes: ReadonlyMap<string, DagNode>,
): (id: string) => readonly string[] {
  const reads = new Map<string, Set<string>>();
  const ids = new Map<string, string | undefined>();
  const idOf = (read: string): string | undefined => {
    if (ids.has(read)) return ids.get(read);
    const id = [`transformation:${read}`, `seed:${read}`].find((candidate) => nodes.has(candidate));
    ids.set(read, id);
    return id;
  };
  const add = (model: string, read: string): void => {
    const id = idOf(read);
    if (id === undefined || model === read) return;
    const reader = `transformation:${model}`;
    const known = reads.get(reader);
    if (known) known.add(id);
    else reads.set(reader, new Set([id]));
  };
  for (const { name, dependsOn } of state.compile?.modelsDetail ?? [])
    for (const read of dependsOn) add(name, read);
  for (const { source, target } of dag.columnLineage) add(target.model, source.model);
  return (id) => [...(reads.get(id) ?? [])];
}
