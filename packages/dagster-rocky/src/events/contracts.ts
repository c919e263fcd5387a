import {
  AssetEvent,
  type AssetCheckResult,
  type AssetKey,
  type RawMetadataValue,
} from "@dagster-rocky/dagster";
import {
  CONTRACT_COLUMN_CONSTRAINTS_CHECK,
  CONTRACT_PROTECTED_COLUMNS_CHECK,
  CONTRACT_REQUIRED_COLUMNS_CHECK,
} from "../checks/names.ts";
import type { CompileDiagnostic } from "../resource/outputs/compile.ts";
import { placeholderCheck } from "./check-results.ts";

/** Which diagnostics answer which check. */
const CODES: Readonly<Record<string, ReadonlySet<string>>> = {
  [CONTRACT_REQUIRED_COLUMNS_CHECK]: new Set(["E010"]),
  [CONTRACT_PROTECTED_COLUMNS_CHECK]: new Set(["E013"]),
  [CONTRACT_COLUMN_CONSTRAINTS_CHECK]: new Set(["E011", "E012", "E014", "E059", "W010"]),
};
/** The contract names a model that the project does not have. */
const MODEL_MISSING = "W011";
/** A type that the compiler could not infer. */
const UNVERIFIED = "I003";
const ADVISORY = "W010";

const line = ({ code, message }: CompileDiagnostic): string => `[${code}] ${message}`;

const numbered = (prefix: string, found: readonly CompileDiagnostic[]): Record<string, RawMetadataValue> =>
  Object.fromEntries(found.map((diagnostic, index) => [`${prefix}_${index}`, line(diagnostic)]));

/** What the compiler says about a model's contract, as the result of one declared check. */
export const contractResult = (
  key: AssetKey,
  checkName: string,
  model: string,
  diagnostics: readonly CompileDiagnostic[],
): AssetCheckResult => {
  const ofModel = diagnostics.filter((diagnostic) => diagnostic.model === model);
  if (ofModel.some(({ code }) => code === MODEL_MISSING))
    return placeholderCheck(key, checkName, false, `not verified: the project has no model ${model}`, {
      "rocky/contract_model_not_found": true,
    });
  const violations = ofModel.filter(({ code }) => CODES[checkName]?.has(code));
  const unverified =
    checkName === CONTRACT_COLUMN_CONSTRAINTS_CHECK ? ofModel.filter(({ code }) => code === UNVERIFIED) : [];
  const advisoryOnly = violations.length > 0 && violations.every(({ code }) => code === ADVISORY);
  return AssetEvent.check({
    assetKey: key,
    checkName,
    passed: violations.length === 0,
    severity: advisoryOnly ? "WARN" : "ERROR",
    metadata: {
      ...numbered("rocky/violation", violations),
      ...(violations.length === 0 ? {} : { "rocky/violation_count": violations.length }),
      ...numbered("rocky/unverified", unverified),
      ...(unverified.length === 0 ? {} : { "rocky/unverified_count": unverified.length }),
    },
  });
};

/** The project could not be compiled: nothing is known about the contract. */
export const contractNotVerified = (key: AssetKey, checkName: string, reason: string): AssetCheckResult =>
  placeholderCheck(key, checkName, false, `not verified: ${reason}`, { "rocky/compile_missing": true });
