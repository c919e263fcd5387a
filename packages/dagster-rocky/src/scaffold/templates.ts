/** Files of a new project by path below its folder. */
export const TEMPLATES: Readonly<Record<string, string>> = {
  "defs.yaml": `type: dagster_rocky.RockyComponent
attributes:
  config_path: rocky.toml
  models_dir: models
  surface_derived_models: true
  surface_column_lineage: true
`,
  "rocky.toml": `[adapter]
type = "duckdb"
path = "warehouse.duckdb"

# Copies every table of schemas such as raw__shop into warehouse.staging__shop.
[pipeline.landing]
strategy = "full_refresh"

[pipeline.landing.source.schema_pattern]
prefix = "raw__"
separator = "__"
components = ["source"]

[pipeline.landing.target]
catalog_template = "warehouse"
schema_template = "staging__{source}"

[pipeline.landing.target.governance]
auto_create_schemas = true

[pipeline.landing.checks]
row_count = true
column_match = true
`,
  "README.md": `# A Rocky project for Dagster

- \`rocky.toml\`: which schemas are copied, and where to.
- \`models/\`: one \`.sql\` file for each model; a \`.toml\` file of the same name says where it is written.
- \`defs.yaml\`: what Dagster shows of it.

1. Put a table into a schema such as \`raw__shop\` of \`warehouse.duckdb\`.
2. \`npx dagster-rocky refresh\` finds it and writes the state that assets are made from.
3. \`npx dagster-rocky materialize\` runs everything; \`npx dagster-rocky serve --port 4000\` shows it to Dagster.
`,
  ".gitignore": `*.duckdb
*.duckdb.wal
.local_defs_state/
.rocky/
.rocky-state*
models/.rocky-state*
`,
  "models/.gitkeep": "",
};
