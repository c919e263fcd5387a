import type { FileSet } from "../write.ts";

export const INIT_TEMPLATES = ["duckdb", "databricks-fivetran", "snowflake", "bigquery", "trino"] as const;
export type InitTemplate = (typeof INIT_TEMPLATES)[number];

const transformation = (adapter: string): string => `[adapter]
${adapter}

[pipeline.models]
type = "transformation"
models = "models/**"

[pipeline.models.target]
adapter = "default"

[pipeline.models.target.governance]
auto_create_schemas = true
`;

const DEFAULTS = (catalog: string): string => `[target]
catalog = "${catalog}"
schema = "main"
`;

const MODEL: FileSet = {
  "models/stg_orders.sql":
    "SELECT 1 AS order_id, 7 AS customer_id, CAST(19.90 AS DECIMAL(10, 2)) AS amount\n",
  "models/stg_orders.toml": 'intent = "A first model that needs no source; replace it with one of yours"\n',
  ".gitignore": "*.duckdb\n*.duckdb.wal\n.rocky/\n.rocky-state*\n",
};

const REPLICATION = `[adapter.fivetran]
type = "fivetran"
kind = "discovery"
destination_id = "\${FIVETRAN_DESTINATION_ID}"
api_key = "\${FIVETRAN_API_KEY}"
api_secret = "\${FIVETRAN_API_SECRET}"

[adapter.databricks]
type = "databricks"
host = "\${DATABRICKS_HOST}"
http_path = "\${DATABRICKS_HTTP_PATH}"
token = "\${DATABRICKS_TOKEN}"

[pipeline.bronze]
strategy = "incremental"

[pipeline.bronze.source]
adapter = "databricks"
catalog = "landing"
discovery = { adapter = "fivetran" }
schema_pattern = { prefix = "src__", separator = "__", components = ["tenant", "source"] }

[pipeline.bronze.target]
adapter = "databricks"
catalog_template = "{tenant}_lake"
schema_template = "raw__{source}"

[pipeline.bronze.checks]
row_count = true
column_match = true
`;

/** The files of a new project. */
export const initFiles = (template: InitTemplate): FileSet => {
  switch (template) {
    case "duckdb":
      return {
        "rocky.toml": transformation('type = "duckdb"\npath = "warehouse.duckdb"'),
        "models/_defaults.toml": DEFAULTS("warehouse"),
        ...MODEL,
      };
    case "databricks-fivetran":
      return { "rocky.toml": REPLICATION, "models/_defaults.toml": DEFAULTS("analytics"), ...MODEL };
    case "snowflake":
      return {
        "rocky.toml": transformation(
          `type = "snowflake"\naccount = "\${SNOWFLAKE_ACCOUNT}"\nwarehouse = "\${SNOWFLAKE_WAREHOUSE}"\nusername = "\${SNOWFLAKE_USER}"\npassword = "\${SNOWFLAKE_PASSWORD}"`,
        ),
        "models/_defaults.toml": DEFAULTS("analytics"),
        ...MODEL,
      };
    case "bigquery":
      return {
        "rocky.toml": transformation(
          `type = "bigquery"\nproject_id = "\${BIGQUERY_PROJECT}"\nlocation = "EU"`,
        ),
        "models/_defaults.toml": DEFAULTS("my-project"),
        ...MODEL,
      };
    case "trino":
      return {
        "rocky.toml": transformation(
          `type = "trino"\nhost = "\${TRINO_HOST}"\nusername = "\${TRINO_USER}"\npassword = "\${TRINO_PASSWORD}"`,
        ),
        "models/_defaults.toml": DEFAULTS("hive"),
        ...MODEL,
      };
    default:
      return template satisfies never;
  }
};
