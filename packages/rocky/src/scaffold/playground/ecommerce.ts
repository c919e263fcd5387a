import type { FileSet } from "../write.ts";
import { quickstart } from "./quickstart.ts";

/** The quickstart with staging and mart layers, a merge, a view and named tests. */
export const ecommerce: FileSet = {
  ...quickstart,
  "models/test_definitions.toml": `[present]
type = "not_null"
column = "replaced_where_used"
`,
  "models/staging/_defaults.toml": `[target]
catalog = "playground"
schema = "staging"

[strategy]
type = "view"
`,
  "models/staging/stg_orders.sql": `SELECT order_id, customer, CAST(amount AS DECIMAL(10, 2)) AS amount, ordered_on
FROM playground.main.raw_orders
`,
  "models/staging/stg_orders.toml": `depends_on = ["raw_orders"]

[[use_test]]
name = "present"
column = "order_id"
`,
  "models/marts/_defaults.toml": `[target]
catalog = "playground"
schema = "marts"
`,
  "models/marts/customer_value.sql": `SELECT customer, SUM(amount) AS lifetime_value, MAX(ordered_on) AS last_order_on
FROM playground.staging.stg_orders
GROUP BY customer
`,
  "models/marts/customer_value.toml": `depends_on = ["stg_orders"]

[strategy]
type = "merge"
unique_key = ["customer"]

[freshness]
max_lag_seconds = 86400

[tags]
layer = "mart"
`,
};
