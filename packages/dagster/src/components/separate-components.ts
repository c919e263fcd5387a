import type { AssetChecksDefinition, AssetsDefinition } from "../definitions/assets.ts";
import type { Definitions } from "../definitions/definitions.ts";
import type { ScheduleDefinition, SensorDefinition } from "../definitions/instigators.ts";

/**
 * Components do not know of each other, and two of one type give one name to different things. Resources
 * and ops of the later ones get names of their own (`rocky`, `rocky_2`); what asks for a resource goes on
 * finding it under the key that it knows.
 */
export function separateComponents(parts: readonly Definitions[]): readonly Definitions[] {
  if (parts.length < 2) return parts;
  const resources = new Map<string, unknown>();
  const ops = new Map<string, unknown>();
  return parts.map((part) => {
    const renamed = new Map<string, string>();
    for (const [key, resource] of Object.entries(part.resources)) {
      const own = freeName(key, resource, resources);
      if (own !== key) renamed.set(key, own);
    }
    return withOwnOps(renamed.size === 0 ? part : withRenamedResources(part, renamed), ops);
  });
}

function freeName(name: string, owner: unknown, taken: Map<string, unknown>): string {
  let own = name;
  for (let i = 2; taken.has(own) && taken.get(own) !== owner; i++) own = `${name}_${i}`;
  taken.set(own, owner);
  return own;
}

function withOwnOps(part: Definitions, taken: Map<string, unknown>): Definitions {
  const named = <D extends AssetsDefinition | AssetChecksDefinition>(definition: D): D => {
    const opName = freeName(definition.opName, definition, taken);
    return opName === definition.opName ? definition : { ...definition, opName };
  };
  return {
    ...part,
    assets: part.assets.map((asset) => (asset.kind === "assets" ? named(asset) : asset)),
    assetChecks: part.assetChecks.map(named),
  };
}

function withRenamedResources(part: Definitions, renamed: ReadonlyMap<string, string>): Definitions {
  const nameOf = (key: string): string => renamed.get(key) ?? key;
  const scoped = <C extends { readonly resources: Readonly<Record<string, unknown>> }>(context: C): C => {
    const resources: Record<string, unknown> = { ...context.resources };
    for (const [key, own] of renamed) resources[key] = context.resources[own];
    return { ...context, resources };
  };
  const ownKeys = ({ requiredResourceKeys: keys }: ScheduleDefinition | SensorDefinition) =>
    keys === undefined ? {} : { requiredResourceKeys: keys.map(nameOf) };
  const op = <D extends AssetsDefinition | AssetChecksDefinition>(definition: D): D => ({
    ...definition,
    requiredResourceKeys: definition.requiredResourceKeys.map(nameOf),
    compute: (context) => definition.compute(scoped(context)),
  });
  return {
    ...part,
    assets: part.assets.map((asset) => (asset.kind === "assets" ? op(asset) : asset)),
    assetChecks: part.assetChecks.map(op),
    schedules: part.schedules.map((one) => ({
      ...one,
      ...ownKeys(one),
      evaluate: (context) => one.evaluate(scoped(context)),
    })),
    sensors: part.sensors.map((one) => ({
      ...one,
      ...ownKeys(one),
      evaluate: (context) => one.evaluate(scoped(context)),
    })),
    resources: Object.fromEntries(
      Object.entries(part.resources).map(([key, resource]) => [nameOf(key), resource]),
    ),
  };
}
