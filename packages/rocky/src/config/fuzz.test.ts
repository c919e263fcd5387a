import { describe, expect, it } from "vitest";
import { RockyError } from "../errors.ts";
import { loadModels } from "../models/index.ts";
import { memoryFiles } from "../ports.ts";
import { seededRandom } from "../seeded-random.ts";
import { loadConfig } from "./load.ts";

const CONFIG = `[adapter.main]
type = "duckdb"
path = "\${DB:-x.duckdb}"

[state]
backend = "local"

[pipeline.landing]
strategy = "merge"
merge_keys = ["id"]
metadata_columns = [{ name = "tenant", type = "VARCHAR", value = "'{tenant}'" }]
[pipeline.landing.source.schema_pattern]
prefix = "src__"
separator = "__"
components = ["tenant", "rest..."]
[pipeline.landing.target]
adapter = "main"
catalog_template = "x"
schema_template = "raw_{tenant}"
[[pipeline.landing.table_overrides]]
match = { connector = "c", table = "t_*" }
enabled = false
[pipeline.landing.checks]
row_count = { enabled = true, severity = "warning" }
[[pipeline.landing.checks.assertions]]
table = "orders"
type = "in_range"
column = "amount"
min = "0"

[mask]
personal = "hash"
[mask.prod]
personal = "redact"

[[hook.on_pipeline_start]]
command = "true"
`;

const SIDECAR = `name = "m"
depends_on = ["a"]
retention = "2y"
[target]
catalog = "c"
schema = "s"
[strategy]
type = "time_interval"
time_column = "d"
granularity = "day"
[[tests]]
type = "unique"
column = "id"
[[test]]
name = "t"
[[test.given]]
ref = "a"
rows = [{ id = 1 }]
[test.expect]
rows = [{ id = 1 }]
`;

const PIECES = [
  "[",
  "]",
  "{",
  "}",
  "=",
  '"',
  "'",
  ",",
  ".",
  "\n",
  "0",
  "-1",
  "true",
  "nan",
  "1979-05-27",
  "$\u007b",
  `\${X}`,
  "__proto__",
  "#",
  "\u0000",
  "é",
  '"""',
];

const mutate = (text: string, next: () => number): string => {
  let result = text;
  for (let change = 0; change < 1 + next() * 4; change += 1) {
    const at = Math.floor(next() * result.length);
    const length = Math.floor(next() * 12);
    const piece = PIECES[Math.floor(next() * PIECES.length)] ?? "";
    const kind = next();
    if (kind < 0.3) result = result.slice(0, at) + piece + result.slice(at);
    else if (kind < 0.6) result = result.slice(0, at) + result.slice(at + length);
    else if (kind < 0.8)
      result = result.slice(0, at) + result.slice(at, at + length).repeat(2) + result.slice(at + length);
    else {
      const lines = result.split("\n");
      const [line] = lines.splice(Math.floor(next() * lines.length), 1);
      lines.splice(Math.floor(next() * lines.length), 0, line ?? "");
      result = lines.join("\n");
    }
  }
  return result;
};

/** The only thing a broken file may lead to: an error that says where. */
const check = (seed: number, load: () => unknown, file: string): void => {
  try {
    load();
  } catch (thrown) {
    if (!(thrown instanceof RockyError))
      throw new Error(`seed ${seed}: ${String(thrown)}`, { cause: thrown });
    expect([seed, thrown.where?.file, thrown.code === "internal"]).toEqual([seed, file, false]);
  }
};

describe("broken files never lead to anything but an error with a place", () => {
  const seeds = Array.from({ length: 1500 }, (_, seed) => seed);

  it("rocky.toml", () => {
    for (const seed of seeds) {
      const files = memoryFiles({ "rocky.toml": mutate(CONFIG, seededRandom(seed)) });
      check(seed, () => loadConfig(files, {}, "rocky.toml"), "rocky.toml");
    }
  });

  it("sidecars", () => {
    for (const seed of seeds) {
      const files = memoryFiles({
        "models/m.sql": "select 1",
        "models/m.toml": mutate(SIDECAR, seededRandom(seed)),
      });
      check(seed, () => loadModels(files, {}, "models"), "models/m.toml");
    }
  });
});
