/** Changes only when a table or column does; kept in SQLite's `user_version`. */
export const STORE_VERSION = 5;

// Runs when a store is new or older. What is only a cache is made anew then.
// Values that only the engine reads back as a whole are JSON text; what is searched has a column.
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS watermarks (
  table_name TEXT PRIMARY KEY, value TEXT NOT NULL, updated_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL UNIQUE, started_at TEXT NOT NULL,
  finished_at TEXT, status TEXT NOT NULL, trigger TEXT NOT NULL, pipeline TEXT, config_hash TEXT NOT NULL,
  duration_ms INTEGER NOT NULL, adapter_type TEXT, idempotency_key TEXT
);
CREATE INDEX IF NOT EXISTS runs_started ON runs (started_at);
CREATE TABLE IF NOT EXISTS run_owners (run_id TEXT PRIMARY KEY, owner TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS model_builds (
  model TEXT PRIMARY KEY, target TEXT NOT NULL, sql_hash TEXT NOT NULL, inputs TEXT NOT NULL, run_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS run_models (
  run_id TEXT NOT NULL, position INTEGER NOT NULL, model_name TEXT NOT NULL, asset_key TEXT NOT NULL,
  started_at TEXT NOT NULL, finished_at TEXT NOT NULL, duration_ms INTEGER NOT NULL, status TEXT NOT NULL,
  sql_hash TEXT NOT NULL, rows_affected INTEGER, tenant TEXT, PRIMARY KEY (run_id, position)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS run_models_name ON run_models (model_name, started_at);
CREATE TABLE IF NOT EXISTS run_progress (
  run_id TEXT NOT NULL, table_name TEXT NOT NULL, status TEXT NOT NULL, updated_at TEXT NOT NULL,
  PRIMARY KEY (run_id, table_name)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS run_progress_table ON run_progress (table_name, status);
CREATE TABLE IF NOT EXISTS quality (
  table_name TEXT NOT NULL, run_id TEXT NOT NULL, recorded_at TEXT NOT NULL, row_count INTEGER NOT NULL,
  null_rates TEXT NOT NULL, freshness_lag_seconds INTEGER, PRIMARY KEY (table_name, recorded_at, run_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS partitions (
  model TEXT NOT NULL, partition_key TEXT NOT NULL, status TEXT NOT NULL, row_count INTEGER,
  run_id TEXT NOT NULL, updated_at TEXT NOT NULL, PRIMARY KEY (model, partition_key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS idempotency_keys (
  key TEXT PRIMARY KEY, run_id TEXT NOT NULL, status TEXT NOT NULL, claimed_at TEXT NOT NULL,
  finished_at TEXT, owner TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS appends (
  target TEXT NOT NULL, file TEXT NOT NULL, stamp TEXT NOT NULL, work TEXT NOT NULL, owner TEXT NOT NULL,
  rows_before INTEGER NOT NULL, rows INTEGER, PRIMARY KEY (target, file)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS appends_work ON appends (work);
DROP TABLE IF EXISTS schema_cache;
CREATE TABLE schema_cache (
  catalog_name TEXT NOT NULL, schema_name TEXT NOT NULL, table_name TEXT NOT NULL, columns TEXT NOT NULL,
  cached_at TEXT NOT NULL, PRIMARY KEY (catalog_name, schema_name, table_name)
) WITHOUT ROWID;
`;
