import { isObject, type JsonRecord } from "../json.ts";
/** One thing that becomes an asset, as the engine names it. */
interface Item {
  /** What it is written to or copied from: two names of one place are a renaming. */
  readonly place: string;
  readonly upstream: string;
}

const SHOWN = 10;

/** What a refresh changed, in words; empty for the first state of a project. */
export function refreshSummary(previous: JsonRecord, next: JsonRecord): readonly string[] {
  const before = itemsOf(previous);
  const after = itemsOf(next);
  if (!isObject(previous.discover)) return [firstState(next)];
  const added = [...after.keys()].filter((name) => !before.has(name));
  const removed = [...before.keys()].filter((name) => !after.has(name));
  const renamed = renamings(removed, added, before, after);
  const isRenamed = new Set(renamed.flat());
  const rewired = [...after].filter(([name, { upstream }]) => {
    const old = before.get(name);
    return old !== undefined && old.upstream !== upstream;
  });
  const lines = [
    line(
      "added",
      added.filter((name) => !isRenamed.has(name)),
    ),
    line(
      "removed",
      removed.filter((name) => !isRenamed.has(name)),
    ),
    line(
      "renamed",
      renamed.map(([from, to]) => `${from} to ${to}`),
    ),
    line(
      "with other dependencies",
      rewired.map(([name]) => name),
    ),
  ].filter((text) => text !== undefined);
  return lines.length > 0 ? lines : ["Refresh: no asset changed."];
}

function firstState(state: JsonRecord): string {
  const nodes = objects(state.dag, "nodes").length;
  if (nodes > 0) return `Refresh: found a graph of ${nodes} nodes.`;
  const tables = objects(state.discover, "sources").flatMap((source) => objects(source, "tables")).length;
  return `Refresh: found ${tables} source tables and ${objects(state.compile, "models_detail").length} models.`;
}

function line(what: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return `Refresh: ${names.length} ${what}: ${names.slice(0, SHOWN).join(", ")}${more}`;
}

function renamings(
  removed: readonly string[],
  added: readonly string[],
  before: ReadonlyMap<string, Item>,
  after: ReadonlyMap<string, Item>,
): readonly (readonly [string, string])[] {
  const byPlace = new Map(removed.map((name) => [before.get(name)?.place ?? "", name]));
  return added.flatMap((name) => {
    const place = after.get(name)?.place ?? "";
    const from = place === "" ? undefined : byPlace.get(place);
    return from === undefined ? [] : [[from, name] as const];
  });
}

function itemsOf(state: JsonRecord): ReadonlyMap<string, Item> {
  const items = new Map<string, Item>();
  for (const node of objects(state.dag, "nodes")) {
    const place = node.target ? `${node.kind} ${JSON.stringify(node.target)}` : "";
    items.set(String(node.id), { place, upstream: upstream(node) });
  }
  // A graph holds the models and stands for the tables; it would only say everything twice.
  if (items.size > 0) return items;
  for (const source of objects(state.discover, "sources")) {
    for (const table of objects(source, "tables")) {
      items.set(`${source.id}/${table.name}`, { place: "", upstream: "" });
    }
  }
  for (const model of objects(state.compile, "models_detail")) {
    items.set(`model ${model.name}`, { place: JSON.stringify(model.target), upstream: upstream(model) });
  }
  return items;
}

const upstream = (item: JsonRecord): string =>
  JSON.stringify(Array.isArray(item.depends_on) ? [...item.depends_on].sort() : []);

function objects(parent: unknown, key: string): readonly JsonRecord[] {
  const found = isObject(parent) ? parent[key] : undefined;
  return Array.isArray(found) ? found.filter(isObject) : [];
}
