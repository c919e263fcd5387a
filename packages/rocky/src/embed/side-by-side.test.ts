import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type EngineEvent, Rocky } from "../index.ts";

const CONFIG = `[adapter]
type = "duckdb"
path = "\${DATABASE}.duckdb"
[pipeline]
type = "transformation"
target = {}
`;

let folder: string;
const projectOf = (name: string): Rocky => {
  const cwd = join(folder, name);
  mkdirSync(join(cwd, "models"), { recursive: true });
  writeFileSync(join(cwd, "rocky.toml"), CONFIG);
  writeFileSync(
    join(cwd, "models", "_defaults.toml"),
    `[target]\ncatalog = "\${DATABASE}"\nschema = "main"\n`,
  );
  writeFileSync(join(cwd, "models", "who.sql"), `SELECT '${name}' AS who`);
  return new Rocky({ cwd, env: { DATABASE: `db_${name}` } });
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rocky-side-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

it("engines in one process know nothing of each other, and leave the process alone", async () => {
  const before = {
    cwd: process.cwd(),
    env: { ...process.env },
    listeners: process.eventNames().map((name) => [name, process.listenerCount(name)]),
    exitCode: process.exitCode,
  };
  const names = ["a", "b", "c"];
  const heard = new Map<string, EngineEvent[]>(names.map((name) => [name, []]));
  const runs = await Promise.all(
    names.map((name) => projectOf(name).run({}, { onEvent: (event) => heard.get(name)?.push(event) })),
  );
  for (const [index, name] of names.entries()) {
    expect(runs[index]).toMatchObject({
      status: "Success",
      materializations: [{ asset_key: [`db_${name}`, "main", "who"] }],
    });
    const assets = heard.get(name)?.flatMap(({ fields }) => (fields?.asset_key ? [fields.asset_key] : []));
    expect(new Set(assets)).toEqual(new Set([`db_${name}/main/who`]));
  }
  expect({
    cwd: process.cwd(),
    env: { ...process.env },
    listeners: process.eventNames().map((name) => [name, process.listenerCount(name)]),
    exitCode: process.exitCode,
  }).toEqual(before);
});

it("aborting one leaves the others running", async () => {
  const stop = new AbortController();
  const [stopped, kept] = await Promise.all([
    projectOf("d").invoke(["run"], { signal: stop.signal, onEvent: () => stop.abort() }),
    projectOf("e").run(),
  ]);
  expect(stopped.exitCode).toBe(130);
  expect(stopped.payload).toMatchObject({ interrupted: true });
  expect(kept).toMatchObject({ status: "Success", interrupted: false });
});
