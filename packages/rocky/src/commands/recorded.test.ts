import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { invoke } from "./invoke.ts";

// Outputs recorded from the original engine for small projects. They lie beside the repository; where they are not
// at hand there is nothing to compare with.
const RECORDED = fileURLToPath(new URL("../../../../../shared/golden/rocky-1.71.0/_diag", import.meta.url));
const names = existsSync(RECORDED)
  ? readdirSync(RECORDED).flatMap((name) =>
      name.endsWith(".project") ? [name.slice(0, -".project".length)] : [],
    )
  : [];

/** How many recorded outputs are matched. Only ever raise it. */
const MATCHED = 12;

/** One project was recorded with source tables that are not part of it. */
const SEEDS: Readonly<Record<string, string>> = {
  types: `CREATE SCHEMA src;
CREATE TABLE src.a (id INTEGER, v VARCHAR, d DATE, amt DECIMAL(10,2));
CREATE TABLE src.b (id BIGINT, v INTEGER, d TIMESTAMP, amt DOUBLE);`,
};

const root = mkdtempSync(join(tmpdir(), "rocky-recorded-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const prepare = (name: string): string => {
  const cwd = join(root, name);
  cpSync(join(RECORDED, `${name}.project`), cwd, { recursive: true });
  const seed = SEEDS[name];
  if (seed !== undefined) {
    mkdirSync(join(cwd, "data"));
    writeFileSync(join(cwd, "data", "seed.sql"), seed);
  }
  return cwd;
};

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const objects = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Transforms that the original calls aggregations although they are none. */
const transform = (edge: Json): Json =>
  edge.transform === "aggregation: upper" || edge.transform === "aggregation: coalesce"
    ? { ...edge, transform: "expression" }
    : edge;

const sorted = (values: readonly unknown[]): readonly string[] =>
  values.map((value) => JSON.stringify(value)).sort();

/** What must agree: not wording, places, costs, hints and timings, nor dependencies that only the SQL tells. */
const essence = (payload: unknown): unknown => {
  if (!isObject(payload)) return payload;
  const { compile_timings: _timings, diagnostics, models_detail, edges, column_lineage, ...rest } = payload;
  return {
    ...rest,
    diagnostics: sorted(
      objects(diagnostics).map(({ severity, code, model, suggestion }) => [
        severity,
        code,
        model,
        suggestion === null,
      ]),
    ),
    models: sorted(
      objects(models_detail).map(({ name, strategy, target, tags }) => [name, strategy, target, tags]),
    ),
    edges: sorted(objects(edges).map(transform)),
    column_lineage: sorted(objects(column_lineage).map(transform)),
  };
};

const parse = (text: string): unknown => (text.trim() === "" ? undefined : JSON.parse(text));

describe.runIf(names.length > 0)("recorded outputs of small projects", () => {
  it("are matched", async () => {
    const different: string[] = [];
    let matched = 0;
    const compare = async (
      name: string,
      file: string,
      argv: readonly string[],
      cwd: string,
    ): Promise<void> => {
      const recorded = parse(readFileSync(join(RECORDED, file), "utf8"));
      const { payload, stdout, exitCode } = await invoke(argv, { cwd, env: {} });
      const same = JSON.stringify(essence(payload ?? parse(stdout))) === JSON.stringify(essence(recorded));
      const failed = recorded === undefined || (isObject(recorded) && recorded.has_errors === true);
      if (same && (exitCode !== 0) === failed) matched += 1;
      else different.push(`${name}: ${argv.join(" ")}`);
    };
    for (const name of names) {
      const cwd = prepare(name);
      const [first = ""] = readFileSync(join(RECORDED, `${name}.stderr.txt`), "utf8").split("\n");
      await compare(name, `${name}.json`, first.replace(/^argv: rocky /, "").split(" "), cwd);
      if (name === "star") await compare(name, "star.dag.json", ["dag", "--column-lineage"], cwd);
      if (name === "types")
        await compare(name, "types.lineage.json", ["lineage", "--models", "models", "j"], cwd);
    }
    expect(different).toEqual([]);
    expect(matched).toBe(MATCHED);
  }, 60_000);
});
