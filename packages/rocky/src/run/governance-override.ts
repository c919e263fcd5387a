import type { GrantConfig, WorkspaceBinding } from "../config/index.ts";
import { RockyError } from "../errors.ts";

/** What `--governance-override` adds to the config. DuckDB has nothing to apply it to, but it must be right. */
export interface GovernanceOverride {
  readonly workspaceIds: readonly WorkspaceBinding[];
  readonly grants: readonly GrantConfig[];
  readonly schemaGrants: readonly GrantConfig[];
}

const invalid = (message: string): RockyError =>
  new RockyError("config_invalid", `--governance-override: ${message}`, {
    hint: 'expected {"workspace_ids": [{"id": 1, "binding_type": "READ_WRITE"}], "grants": [{"principal": "p", "permissions": ["SELECT"]}]}',
  });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const list = <T>(
  record: Readonly<Record<string, unknown>>,
  key: string,
  read: (entry: unknown) => T,
): readonly T[] => {
  const value = record[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`'${key}' must be a list`);
  return value.map(read);
};

const readBinding = (entry: unknown): WorkspaceBinding => {
  if (!isRecord(entry) || typeof entry.id !== "number")
    throw invalid("each of workspace_ids needs a numeric id");
  const type = entry.binding_type ?? "READ_WRITE";
  if (type !== "READ_WRITE" && type !== "READ_ONLY") throw invalid("binding_type is READ_WRITE or READ_ONLY");
  return { id: entry.id, bindingType: type };
};

const readGrant = (entry: unknown): GrantConfig => {
  if (!isRecord(entry) || typeof entry.principal !== "string" || !Array.isArray(entry.permissions)) {
    throw invalid("each grant needs a principal and a list of permissions");
  }
  return { principal: entry.principal, permissions: entry.permissions.map(String) };
};

const KNOWN = new Set(["workspace_ids", "grants", "schema_grants"]);

export const parseGovernanceOverride = (text: string): GovernanceOverride => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalid("the value is not JSON");
  }
  if (!isRecord(parsed)) throw invalid("the value is not an object");
  const unknown = Object.keys(parsed).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) throw invalid(`unknown key '${unknown}'`);
  return {
    workspaceIds: list(parsed, "workspace_ids", readBinding),
    grants: list(parsed, "grants", readGrant),
    schemaGrants: list(parsed, "schema_grants", readGrant),
  };
};
