import { compact, readTable, type TableReader } from "../reader.ts";
import type { GovernanceConfig, GrantConfig, WorkspaceBinding } from "../types/pipeline.ts";

const decodeGrant = (reader: TableReader): GrantConfig => ({
  principal: reader.requiredString("principal"),
  permissions: reader.requiredStrings("permissions"),
});

const decodeBinding = (reader: TableReader): WorkspaceBinding => {
  const id = reader.integer("id");
  if (id === undefined && !reader.has("id")) reader.missing("id", "add the workspace id");
  return {
    id: id ?? 0,
    bindingType: reader.oneOf("binding_type", ["READ_WRITE", "READ_ONLY"]) ?? "READ_WRITE",
  };
};

const decodeGovernanceTable = (reader: TableReader): GovernanceConfig =>
  compact({
    autoCreateCatalogs: reader.boolean("auto_create_catalogs", false),
    autoCreateSchemas: reader.boolean("auto_create_schemas", false),
    tags: reader.textMap("tags"),
    tagPrefix: reader.string("tag_prefix"),
    grants: reader.children("grants", decodeGrant),
    schemaGrants: reader.children("schema_grants", decodeGrant),
    isolation: reader.child("isolation", (child) => ({
      enabled: child.boolean("enabled", false),
      workspaceIds: child.children("workspace_ids", decodeBinding),
    })),
  });

/** The `governance` table of a target; every default when it is absent. */
export const decodeGovernance = (reader: TableReader): GovernanceConfig =>
  reader.child("governance", decodeGovernanceTable) ?? readTable({}, [], [], decodeGovernanceTable);
