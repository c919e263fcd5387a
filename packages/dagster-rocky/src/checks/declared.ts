import type { CheckOrigin, ContractRules, DeclaredCheck } from "../dispatch/plans.ts";
import type { ConfiguredCheck } from "../resource/outputs/discover.ts";
import {
  ANOMALY_CHECK,
  COLUMN_MATCH_CHECK,
  COMPLIANCE_CHECK,
  CONTRACT_COLUMN_CONSTRAINTS_CHECK,
  CONTRACT_PROTECTED_COLUMNS_CHECK,
  CONTRACT_REQUIRED_COLUMNS_CHECK,
  checkName,
  FRESHNESS_CHECK,
  ROW_COUNT_CHECK,
} from "./names.ts";

/** A check as it is shown, beside what the op body is told of it. */
export interface CheckDeclaration extends DeclaredCheck {
  readonly description?: string;
}

/** Which checks the assets of a component get, apart from those that depend on the table. */
export interface CheckPolicy {
  readonly freshness: boolean;
  readonly compliance: boolean;
  /** Configured checks by table; undefined when they are not shown. */
  readonly configured?: Readonly<Record<string, readonly ConfiguredCheck[]>>;
}

/**
 * The checks of one replicated table, in the order in which they are shown. A name that comes twice is
 * declared once; `onDuplicate` hears of it.
 */
export function declaredChecks(
  table: { readonly name: string; readonly sourceType: string; readonly contract?: ContractRules },
  policy: CheckPolicy,
  onDuplicate: (name: string) => void = () => undefined,
): readonly CheckDeclaration[] {
  const declared = new Map<string, CheckDeclaration>();
  const add = (name: string, origin: CheckOrigin, description?: string) => {
    if (declared.has(name)) onDuplicate(name);
    else declared.set(name, { name, origin, ...(description === undefined ? {} : { description }) });
  };
  add(ROW_COUNT_CHECK, "builtin");
  add(COLUMN_MATCH_CHECK, "builtin");
  if (policy.freshness) add(FRESHNESS_CHECK, "builtin");
  add(ANOMALY_CHECK, "builtin");
  if (policy.compliance) add(COMPLIANCE_CHECK, "compliance");
  for (const [name, description] of contractChecks(table.contract)) add(name, "contract", description);
  for (const check of configuredFor(table.name, policy)) {
    if (!check.candidate) add(checkName(check.name), "configured");
    else if (concerns(check.name, table.sourceType)) {
      add(checkName(check.name), "group", GROUP_CHECK_DESCRIPTION);
    }
  }
  return [...declared.values()];
}

const GROUP_CHECK_DESCRIPTION =
  "Compares several sources. The engine reports one result for all of them, on the asset it picks; on the other assets this check stays without a result.";

/** Declared check names of a contract with what each looks at. */
function contractChecks(
  contract: ContractRules | undefined,
): readonly (readonly [name: string, description: string])[] {
  if (!contract) return [];
  const { model } = contract;
  const checks: [string, string][] = [];
  if (contract.required) {
    checks.push([
      CONTRACT_REQUIRED_COLUMNS_CHECK,
      `Columns that the contract of ${model} requires are there.`,
    ]);
  }
  if (contract.protected) {
    checks.push([
      CONTRACT_PROTECTED_COLUMNS_CHECK,
      `Columns that the contract of ${model} protects are kept.`,
    ]);
  }
  if (contract.constraints) {
    checks.push([
      CONTRACT_COLUMN_CONSTRAINTS_CHECK,
      `Column types and nullability follow the contract of ${model}.`,
    ]);
  }
  return checks;
}

/** Own properties only: a table may be called `constructor`. */
const configuredFor = (table: string, policy: CheckPolicy): readonly ConfiguredCheck[] =>
  policy.configured && Object.hasOwn(policy.configured, table) ? (policy.configured[table] ?? []) : [];

const OVERLAP = "cross_source_overlap:";

/** An overlap check names the source type it spans; a check of an unknown form may span any. */
function concerns(name: string, sourceType: string): boolean {
  if (!name.startsWith(OVERLAP)) return true;
  const spanned = name.slice(OVERLAP.length);
  return !spanned.includes(".") || spanned.startsWith(`${sourceType}.`);
}
