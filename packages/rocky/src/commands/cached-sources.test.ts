import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { createTempProject, replicationToml, type TempProject } from "../run/fixture.ts";
import { openState } from "../state/database.ts";

const CONFIG = `${replicationToml('strategy = "full_refresh"')}
[pipeline.marts]
type = "transformation"
target = { adapter = "default" }
`;

let project: TempProject;
beforeEach(async () => {
  project = createTempProject({
    "rocky.toml": CONFIG,
    "models/_defaults.toml": '[target]\ncatalog = "w"\nschema = "main"\n',
    "models/orders.sql": "SELECT * FROM raw__shop.orders",
    "models/totals.sql": "SELECT id, SUM(amount) AS total FROM orders GROUP BY id",
    "models/totals.contract.toml": '[[columns]]\nname = "id"\ntype = "String"\n',
  });
  await project.sql(
    "CREATE SCHEMA raw__shop",
    "CREATE TABLE raw__shop.orders (id INTEGER, amount DECIMAL(10,2))",
  );
  return () => project[Symbol.dispose]();
});

const rocky = (...argv: readonly string[]) => project.invoke(argv);

const columnsOf = async (model: string, ...flags: readonly string[]) => {
  const { stdout } = await rocky(...flags, "lineage", model);
  return (JSON.parse(stdout) as { columns: readonly object[] }).columns;
};
const errors = async (...flags: readonly string[]) => {
  const { stdout } = await rocky(...flags, "compile");
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly { code: string; model: string }[] };
  return diagnostics.flatMap(({ code, model }) => (code.startsWith("E") ? [`${code} ${model}`] : []));
};
const ORDERS = [
  { name: "id", data_type: "INT32" },
  { name: "amount", data_type: "DECIMAL(10,2)" },
];

describe("columns that discover --with-schemas kept", () => {
  it("are what compile and lineage know of sources", async () => {
    expect(await columnsOf("orders")).toEqual([]);
    expect(await errors()).toEqual([]);
    expect(JSON.parse((await rocky("discover", "--pipeline", "p", "--with-schemas")).stdout)).toMatchObject({
      schemas_cached: 1,
    });
    expect(await columnsOf("orders")).toEqual(ORDERS);
    expect(await errors()).toEqual(["E011 totals"]);
    const { stdout } = await rocky("dag", "--column-lineage");
    expect(JSON.parse(stdout)).toMatchObject({
      column_lineage: expect.arrayContaining([
        {
          source: { model: "raw__shop.orders", column: "amount" },
          target: { model: "orders", column: "amount" },
          transform: "direct",
        },
      ]),
    });
    const forget = async (...flags: readonly string[]) =>
      JSON.parse((await rocky("state", "clear-schema-cache", ...flags)).stdout);
    expect(await forget("--dry-run")).toMatchObject({ entries_deleted: 1, dry_run: true });
    expect(await forget()).toMatchObject({ entries_deleted: 1, dry_run: false });
    expect(await forget()).toMatchObject({ entries_deleted: 0 });
    expect(await errors()).toEqual([]);
  });

  it("are trusted for as long as the flag or the configuration says", async () => {
    await rocky("discover", "--pipeline", "p", "--with-schemas");
    expect(await columnsOf("orders", "--cache-ttl", "0")).toEqual([]);
    expect(await errors("--cache-ttl", "0")).toEqual([]);
    expect(await columnsOf("orders", "--cache-ttl", "60")).toEqual(ORDERS);
    using state = await openState({
      path: join(project.cwd, "models/.rocky-state.redb"),
      mode: "write",
      waitMs: 1_000,
    });
    const twoDaysAgo = new Date(Date.now() - 172_800_000).toISOString();
    await state.write(({ run }) => run("UPDATE schema_cache SET cached_at = ?", twoDaysAgo));
    expect(await columnsOf("orders")).toEqual([]);
    expect(await columnsOf("orders", "--cache-ttl", "200000")).toEqual(ORDERS);
    expect(await columnsOf("orders", "--cache-ttl", String(Number.MAX_SAFE_INTEGER))).toEqual(ORDERS);
    writeFileSync(join(project.cwd, "rocky.toml"), `${CONFIG}\n[cache.schemas]\nttl_seconds = 200000\n`);
    expect(await columnsOf("orders")).toEqual(ORDERS);
    writeFileSync(join(project.cwd, "rocky.toml"), `${CONFIG}\n[cache.schemas]\nenabled = false\n`);
    expect(await columnsOf("orders", "--cache-ttl", "200000")).toEqual([]);
  });

  it("stop no run, because the tables may have changed since", async () => {
    await rocky("discover", "--pipeline", "p", "--with-schemas");
    expect(await errors()).toEqual(["E011 totals"]);
    await project.sql("ALTER TABLE raw__shop.orders ALTER id TYPE VARCHAR");
    const { output, exitCode } = await project.run("--pipeline", "marts");
    expect([exitCode, output.status, output.materializations.length]).toEqual([0, "Success", 2]);
    await rocky("discover", "--pipeline", "p", "--with-schemas");
    expect(await errors()).toEqual([]);
  });

  it("do not make up the columns that a statement writes", async () => {
    project.write({ "models/orders.toml": '[strategy]\ntype = "merge"\nunique_key = ["id"]\n' });
    await rocky("discover", "--pipeline", "p", "--with-schemas");
    expect((await rocky("emit-sql", "--model", "orders")).stdout).toContain("-- no SQL");
  });

  it("are looked for once: what is told of the store is told once", async () => {
    project.write({ ".rocky-state.redb": "", "models/.rocky-state.redb": "" });
    await rocky("compile");
    expect(project.events.filter(({ message }) => message.startsWith("both "))).toHaveLength(1);
  });

  it("are missed without harm when the store cannot be read; a warning says so", async () => {
    writeFileSync(join(project.cwd, "models/.rocky-state.redb"), "redb and so on");
    expect((await rocky("compile")).exitCode).toBe(0);
    expect(project.events).toContainEqual(
      expect.objectContaining({
        level: "warn",
        message: expect.stringMatching(
          /^columns of source tables are not known: the state store .* Rust engine/,
        ),
      }),
    );
  });
});
