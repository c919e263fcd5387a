import {
  choice,
  flag,
  integer,
  list,
  mapOf,
  nullable,
  object,
  text,
  unknownValue,
  type Static,
} from "../schema.ts";

const tableOutput = object({ name: text }, { row_count: nullable(integer) });

const sourceOutput = object(
  { components: mapOf(unknownValue), id: text, source_type: text, tables: list(tableOutput) },
  { last_sync_at: nullable(text), metadata: mapOf(unknownValue) },
);

const resolvedCheckNameOutput = object({ kind: text, name: text }, { candidate: flag });

const freshnessConfigOutput = object({ threshold_seconds: integer });

const checksConfigOutput = object(
  {},
  { configured_checks: mapOf(list(resolvedCheckNameOutput)), freshness: nullable(freshnessConfigOutput) },
);

const collisionCandidateOutput = object({ external_object_id: text, sources: list(text) });

const excludedTableOutput = object({
  asset_key: list(text),
  reason: text,
  source_schema: text,
  table_name: text,
});

const failedSourceOutput = object(
  { error_class: text, id: text, message: text, schema: text, source_type: text },
  { cooldown_seconds: nullable(integer) },
);

export const discoverSchema = object(
  { command: choice("discover"), sources: list(sourceOutput), version: text },
  {
    checks: nullable(checksConfigOutput),
    collision_candidates: list(collisionCandidateOutput),
    excluded_tables: list(excludedTableOutput),
    failed_sources: list(failedSourceOutput),
    new_sources: list(text),
    schemas_cached: integer,
  },
);
export type DiscoverOutput = Static<typeof discoverSchema>;
