import type { FileSet } from "../write.ts";

/** A shop in three models on an embedded database; everything it needs is in the models themselves. */
export const quickstart: FileSet = {
  "rocky.toml": `[adapter]
type = "duckdb"
path = "playground.duckdb"

[pipeline.shop]
type = "transformation"
models = "models/**"

[pipeline.shop.target]
adapter = "default"

[pipeline.shop.target.governance]
auto_create_schemas = true

[mask]
personal = "hash"
`,
  "models/_defaults.toml": `[target]
catalog = "playground"
schema = "main"
`,
  "models/raw_orders.sql": `SELECT order_id, customer, amount, CAST(ordered_on AS DATE) AS ordered_on
FROM (VALUES
  (1, 'ada', 40.0, '2025-03-01'),
  (2, 'ben', 15.5, '2025-03-01'),
  (3, 'ada', 22.0, '2025-03-02'),
  (4, 'cleo', 8.25, '2025-03-03')
) AS orders (order_id, customer, amount, ordered_on)
`,
  "models/raw_orders.toml": `intent = "Orders as the shop writes them"

[[tests]]
type = "unique"
column = "order_id"
`,
  "models/customer_orders.sql": `SELECT customer, COUNT(*) AS orders_placed, SUM(amount) AS spent
FROM playground.main.raw_orders
GROUP BY customer
`,
  "models/customer_orders.toml": `intent = "What each customer ordered"
depends_on = ["raw_orders"]

[classification]
customer = "personal"
`,
  "models/customer_orders.contract.toml": `[[columns]]
name = "customer"
description = "who ordered"

[rules]
required = ["customer", "spent"]
protected = ["spent"]
`,
  "models/daily_revenue.sql": `SELECT ordered_on, SUM(amount) AS revenue
FROM playground.main.raw_orders
GROUP BY ordered_on
`,
  "models/daily_revenue.toml": `intent = "Revenue per day"
depends_on = ["raw_orders"]

[freshness]
max_lag_seconds = 86400
`,
  "README.md": `# Playground

    rocky validate
    rocky compile
    rocky run
    rocky lineage customer_orders
    rocky test
`,
};
