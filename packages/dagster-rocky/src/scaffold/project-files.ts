const DEFS_YAML = `type: dagster_rocky.RockyComponent
attributes:
  config_path: rocky.toml
  models_dir: models
  surface_derived_models: true
  discover_on_missing_state: true
`;

const ROCKY_TOML = `[adapter]
type = "duckdb"
path = "warehouse.duckdb"

# Copies every table of the schemas raw__<source> into landing_<source>.
[pipeline.landing]
strategy = "full_refresh"

[pipeline.landing.source.schema_pattern]
prefix = "raw__"
separator = "__"
components = ["source"]

[pipeline.landing.target]
catalog_template = "warehouse"
schema_template = "landing_{source}"

[pipeline.landing.target.governance]
auto_create_schemas = true

[pipeline.landing.checks]
row_count = true
column_match = true
`;

const README = `# A Rocky project for Dagster

    npx dagster-rocky refresh --project .
    npx dagster-rocky materialize --project .

\`rocky.toml\` says what is copied from where; SQL files in \`models/\` are models. \`defs.yaml\` says how all of
it is shown in Dagster. Serve it to a Dagster host with

    npx dagster-rocky serve --project . --host 127.0.0.1 --port 4266
`;

const GITIGNORE = `.local_defs_state/
.rocky/
.rocky-state*
*.duckdb
*.duckdb.wal
models/.rocky-state*
`;

/** Relative path to text. */
export const PROJECT_FILES: Readonly<Record<string, string>> = {
  "defs.yaml": DEFS_YAML,
  "rocky.toml": ROCKY_TOML,
  "README.md": README,
  ".gitignore": GITIGNORE,
  "models/.gitkeep": "",
};
