import type { AssetCheckSpec, AssetKey, Metadata, PartitionsDefinition } from "@dagster-rocky/dagster";
import { type CheckDeclaration, type CheckPolicy, declaredChecks } from "../../checks/declared.ts";
import type { ContractRules, DeclaredCheck } from "../../dispatch/plans.ts";
import type { BuildContext } from "./build-context.ts";

const NO_DEPS: readonly never[] = Object.freeze([]);
const NO_METADATA: Metadata = Object.freeze({});
const GROUP_CHECK: Metadata = Object.freeze({ "rocky/group_check": { kind: "bool", value: true } });

/** What a table's checks look like to Dagster, and to the op body. */
export interface TableChecks {
  readonly specs: readonly AssetCheckSpec[];
  readonly declared: readonly DeclaredCheck[];
  readonly contract?: ContractRules;
}

/** Declares the checks of tables; one per build. No check blocks: the engine gates its own run. */
export function tableChecks(context: BuildContext, partitionsDef?: PartitionsDefinition) {
  const { options, state, contracts, problems } = context;
  const discovered = state.discover.checks;
  const policy: CheckPolicy = {
    freshness: discovered?.freshness !== undefined,
    compliance: options.surfaceCompliance,
    ...(options.surfaceConfiguredChecks && discovered ? { configured: discovered.configuredChecks } : {}),
  };
  // Tables of one name and source type have the same checks; 50,000 tables rarely have 50,000 names.
  const kept = new Map<string, readonly CheckDeclaration[]>();

  return (key: AssetKey, table: string, sourceType: string): TableChecks => {
    const contract = contracts.get(key.path.at(-1) ?? "");
    const id = `${sourceType}\u0000${table}\u0000${contract?.model ?? ""}`;
    let declared = kept.get(id);
    if (!declared) {
      const about = { name: table, sourceType, ...(contract ? { contract } : {}) };
      declared = declaredChecks(about, policy, (name) =>
        problems.add(`Check "${name}" of table ${table} is configured twice; it is shown once.`, key),
      );
      kept.set(id, declared);
    }
    return {
      specs: declared.map((check) => checkSpec(key, check, partitionsDef)),
      declared,
      ...(contract ? { contract } : {}),
    };
  };
}

function checkSpec(
  assetKey: AssetKey,
  check: CheckDeclaration,
  partitionsDef: PartitionsDefinition | undefined,
): AssetCheckSpec {
  const spec = {
    key: { assetKey, name: check.name },
    blocking: false,
    additionalDeps: NO_DEPS,
    metadata: check.origin === "group" ? GROUP_CHECK : NO_METADATA,
  };
  if (check.description === undefined && partitionsDef === undefined) return spec;
  return {
    ...spec,
    ...(check.description === undefined ? {} : { description: check.description }),
    ...(partitionsDef ? { partitionsDef } : {}),
  };
}
