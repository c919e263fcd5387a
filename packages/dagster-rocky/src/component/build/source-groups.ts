import { AssetKey, type AssetCheckSpec, type AssetSpec, type AssetsDefinition } from "@dagster-rocky/dagster";
import type { SourceGroupPlan, SourceTable } from "../../dispatch/plans.ts";
import type { DiscoveredSource } from "../../translator/inputs.ts";
import { assetsDefinition, type BuildContext } from "./build-context.ts";
import { cachedCompile } from "./cached-compile.ts";
import { tableChecks } from "./check-specs.ts";
import { opName, uniqueNames } from "./names.ts";
import { nativePath, sourceFilter, sourceSpecs } from "./source-spec.ts";

interface Group {
  readonly name: string;
  readonly pipeline?: string;
  readonly filter?: string;
  readonly specs: AssetSpec[];
  readonly checkSpecs: AssetCheckSpec[];
  readonly tables: ShownTable[];
}

/** What the plan of a table is made from. */
interface ShownTable extends Omit<SourceTable, "nativePath" | "sourceId"> {
  readonly source: DiscoveredSource;
}

/** Replicated tables, one op for each group, in the order in which the engine discovered them. */
export function sourceGroups(context: BuildContext): readonly AssetsDefinition[] {
  const { translator } = context.options;
  const specOf = sourceSpecs(context);
  const checksOf = tableChecks(context);
  const groups = new Map<string, Group>();
  const taken = new Map<string, string>();

  for (const source of context.state.discover.sources) {
    const name = translator.getGroupName(source);
    const group = groupOf(groups, name, source);
    for (const table of source.tables) {
      const spec = specOf(source, table, name);
      const id = AssetKey.id(spec.key);
      const owner = taken.get(id);
      if (owner !== undefined) {
        context.problems.add(
          `Table ${table.name} of source ${source.id} has the key of a table of source ${owner} ` +
            `(${AssetKey.toUserString(spec.key)}) and is not shown. Give one of them another key in the translator.`,
          spec.key,
        );
        continue;
      }
      taken.set(id, source.id);
      const checks = checksOf(spec.key, table.name, source.sourceType);
      group.specs.push(spec);
      for (const check of checks.specs) group.checkSpecs.push(check);
      group.tables.push({
        key: spec.key,
        source,
        table: table.name,
        checks: checks.declared,
        ...(checks.contract ? { contract: checks.contract } : {}),
      });
    }
  }
  return toDefinitions(context, groups);
}

/** One engine call has one pipeline, so that sources of two pipelines never share an op. */
function groupOf(groups: Map<string, Group>, name: string, source: DiscoveredSource): Group {
  const id = `${name}\u0000${source.pipeline ?? ""}`;
  let group = groups.get(id);
  if (!group) {
    const filter = sourceFilter(source);
    group = {
      name,
      ...(source.pipeline === undefined ? {} : { pipeline: source.pipeline }),
      ...(filter === undefined ? {} : { filter }),
      specs: [],
      checkSpecs: [],
      tables: [],
    };
    groups.set(id, group);
  }
  return group;
}

function toDefinitions(
  context: BuildContext,
  groups: ReadonlyMap<string, Group>,
): readonly AssetsDefinition[] {
  const compile = cachedCompile(context.state.compile);
  const unique = uniqueNames();
  return [...groups.values()]
    .filter((group) => group.specs.length > 0)
    .map((group) => {
      const name = unique(opName("rocky", group.name));
      const { specs, checkSpecs } = group;
      const parts = { opName: name, specs, checkSpecs, canSubset: true, tagged: true };
      return assetsDefinition(context, groupPlan(name, group, compile), parts);
    });
}

/** A function of its own, so that what else the definitions were made from is not kept for it. */
const groupPlan =
  (name: string, group: Group, compile: ReturnType<typeof cachedCompile>) => (): SourceGroupPlan => ({
    kind: "sourceGroup",
    opName: name,
    groupName: group.name,
    ...(group.filter === undefined ? {} : { groupFilter: group.filter }),
    ...(group.pipeline === undefined ? {} : { pipeline: group.pipeline }),
    tables: group.tables.map(({ source, ...table }) => ({
      ...table,
      sourceId: source.id,
      nativePath: nativePath(source, table.table),
    })),
    ...(compile ? { compile } : {}),
  });
