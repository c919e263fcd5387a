export const ROW_COUNT_CHECK = "row_count";
export const COLUMN_MATCH_CHECK = "column_match";
export const FRESHNESS_CHECK = "freshness";
export const ANOMALY_CHECK = "row_count_anomaly";
export const COMPLIANCE_CHECK = "compliance_exception";
export const CONTRACT_REQUIRED_COLUMNS_CHECK = "contract_required_columns";
export const CONTRACT_PROTECTED_COLUMNS_CHECK = "contract_protected_columns";
export const CONTRACT_COLUMN_CONSTRAINTS_CHECK = "contract_column_constraints";
export const SOURCE_FRESHNESS_CHECK = "source_freshness";
export const MODEL_FRESHNESS_CHECK = "model_freshness";

/** Dagster's form of an engine check name: everything outside `[A-Za-z0-9_]` becomes `_`. */
export const checkName = (engineName: string): string => engineName.replace(/[^A-Za-z0-9_]/g, "_");
