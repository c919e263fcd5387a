import { DefinitionsError } from "../definitions/errors.ts";
import { AssetKey } from "../definitions/keys.ts";
import type { OpPart } from "./job-graph.ts";
import { type AssetNode, type CheckNode, isMaterializable, type OpNode } from "./nodes.ts";
import { findCycle, topologicalOrder } from "./toposort.ts";

type Entity = AssetNode | CheckNode;

/** The graph that colors are counted on: what runs, plus the assets right beside it, which do not run. */
interface Scope {
  readonly entities: ReadonlyMap<string, Entity>;
  readonly partOf: ReadonlyMap<Entity, OpPart>;
  /** Entity id to its downstream entities. */
  readonly children: ReadonlyMap<string, readonly Entity[]>;
  readonly upstream: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Cuts each subsettable part by color. An entity's color counts how often a path to it leaves an op:
 * it grows by one on each edge into another op, and an entity takes the largest value of its parents.
 */
export function splitByColor(parts: readonly OpPart[]): readonly OpPart[] {
  const scope = scopeOf(parts);
  const colors = colorEntities(scope);
  return parts.flatMap((part) => {
    if (!part.op.definition.canSubset) return [part];
    const byColor = new Map<number, { assets: AssetNode[]; checks: CheckNode[] }>();
    const cell = (entity: Entity): { assets: AssetNode[]; checks: CheckNode[] } => {
      const color = colors.get(entity.id) ?? 0;
      const known = byColor.get(color) ?? { assets: [], checks: [] };
      byColor.set(color, known);
      return known;
    };
    for (const asset of part.assets) cell(asset).assets.push(asset);
    for (const check of part.checks) cell(check).checks.push(check);
    return [...byColor.values()].map((cut) => ({ op: part.op, ...cut }));
  });
}

function colorEntities(scope: Scope): ReadonlyMap<string, number> {
  const order = topologicalOrder(scope.upstream);
  if (order === undefined) {
    const names = findCycle(scope.upstream).map((id) => describe(scope.entities.get(id)));
    throw new DefinitionsError(`assets depend on each other in a circle: ${names.join(" -> ")}`);
  }
  const colors = new Map<string, number>();
  for (const id of order) {
    const entity = scope.entities.get(id);
    if (entity === undefined) continue;
    const color = colors.get(id) ?? 0;
    colors.set(id, color);
    for (const child of scope.children.get(id) ?? []) {
      const next = color + (staysInside(entity, child, scope) ? 0 : 1);
      if ((colors.get(child.id) ?? 0) < next) colors.set(child.id, next);
    }
  }
  return colors;
}

const isCheck = (entity: Entity): entity is CheckNode => "additionalParents" in entity;

/** Leaving an asset that does not run here costs nothing, except towards checks that only read it. */
function staysInside(parent: Entity, child: Entity, scope: Scope): boolean {
  const part = scope.partOf.get(parent);
  if (part !== undefined && (isCheck(parent) || isMaterializable(parent))) {
    return scope.partOf.get(child) === part;
  }
  return !isCheck(child) || child.asset === parent;
}

function describe(entity: Entity | undefined): string {
  if (entity === undefined) return "?";
  return isCheck(entity)
    ? `${AssetKey.toUserString(entity.asset.key)}:${entity.key.name}`
    : AssetKey.toUserString(entity.key);
}

function scopeOf(parts: readonly OpPart[]): Scope {
  const entities = new Map<string, Entity>();
  const partOf = new Map<Entity, OpPart>();
  const ops = new Set<OpNode>();
  for (const part of parts) {
    ops.add(part.op);
    for (const entity of [...part.assets, ...part.checks]) {
      entities.set(entity.id, entity);
      partOf.set(entity, part);
    }
  }
  for (const op of ops) {
    for (const asset of [...op.inputs.map((input) => input.asset), ...op.assets]) {
      if (!entities.has(asset.id)) entities.set(asset.id, asset);
    }
  }
  const children = new Map<string, Entity[]>();
  const upstream = new Map<string, Set<string>>();
  for (const entity of entities.values()) {
    const parents = isCheck(entity)
      ? [entity.asset, ...entity.additionalParents]
      : entity.parents.map((edge) => edge.asset);
    const known = parents.filter((parent) => parent !== entity && entities.has(parent.id));
    upstream.set(entity.id, new Set(known.map((parent) => parent.id)));
    for (const parent of known) {
      const list = children.get(parent.id);
      if (list === undefined) children.set(parent.id, [entity]);
      else list.push(entity);
    }
  }
  return { entities, partOf, children, upstream };
}
