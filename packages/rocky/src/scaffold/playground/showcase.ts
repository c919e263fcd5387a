import type { FileSet } from "../write.ts";
import { ecommerce } from "./ecommerce.ts";

/** The ecommerce playground with partitions, masks, retention and a unit test. */
export const showcase: FileSet = {
  ...ecommerce,
  "rocky.toml": `${ecommerce["rocky.toml"] ?? ""}
[mask.prod]
personal = "redact"

[budget]
max_duration_ms = 60000
`,
  "models/marts/orders_by_day.sql": `SELECT ordered_on, COUNT(*) AS orders_placed, SUM(amount) AS revenue
FROM playground.staging.stg_orders
WHERE ordered_on >= CAST(@start_date AS DATE) AND ordered_on < CAST(@end_date AS DATE)
GROUP BY ordered_on
`,
  "models/marts/orders_by_day.toml": `depends_on = ["stg_orders"]
retention = "2y"

[strategy]
type = "time_interval"
time_column = "ordered_on"
granularity = "day"
first_partition = "2025-03-01"

[freshness]
max_lag_seconds = 172800
`,
  "models/marts/customer_value.toml": `${ecommerce["models/marts/customer_value.toml"] ?? ""}
[classification]
customer = "personal"

[[test]]
name = "amounts add up per customer"

[[test.given]]
ref = "playground.staging.stg_orders"
rows = [
  { order_id = 1, customer = "ada", amount = 10, ordered_on = "2025-03-01" },
  { order_id = 2, customer = "ada", amount = 5, ordered_on = "2025-03-02" },
]

[test.expect]
rows = [{ customer = "ada", lifetime_value = 15 }]
`,
};
