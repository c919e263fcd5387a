/**
 * Kills the engine at random points of its work, runs the same command again, and compares every table and watermark
 * with those of a command that nobody disturbed. `--kills N` for more than the few of continuous integration, `--seed S`
 * to try the same points again, `--only NAME` for one kind of work.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { seededRandom } from "../partitions/random.ts";
import { type Killed, killed } from "./projects.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(root, "packages/rocky/bin/rocky.js");
const require = createRequire(join(root, "packages/rocky/package.json"));
const { DuckDBInstance }: typeof import("@duckdb/node-api") = require("@duckdb/node-api");
const Sqlite: typeof import("libsql") = require("libsql");

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "12" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});

let passed = 0;
let failed = 0;
const verdict = (what: string, good: boolean, otherwise: string): void => {
  if (good) passed += 1;
  else {
    failed += 1;
    console.log(`FAIL ${what}: ${otherwise}`);
  }
};

const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith("ROCKY_")),
);

const sql = async (cwd: string, statements: readonly string[]): Promise<void> => {
  const instance = await DuckDBInstance.create(join(cwd, "w.duckdb"));
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
};

const rocky = (
  cwd: string,
  argv: readonly string[],
): { code: number | null; stdout: string; stderr: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
    cwd,
    env: environment,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return { code: status, stdout, stderr };
};

interface Watermark {
  readonly table: string;
  readonly last_value: string;
}

/** Everything that a later command builds on: rows of all tables, views, and how far copies have come. */
const worldOf = async (
  cwd: string,
  moments: readonly string[],
): Promise<Readonly<Record<string, string>>> => {
  const instance = await DuckDBInstance.create(join(cwd, "w.duckdb"), { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  const read = async (text: string) => (await connection.runAndReadAll(text)).getRowsJson();
  const world: Record<string, string> = {};
  const tables = await read("SELECT table_schema, table_name FROM information_schema.tables ORDER BY ALL");
  for (const [schema, table] of tables) {
    const replaced =
      moments.length === 0
        ? "*"
        : `* REPLACE (${moments.map((one) => `${one} IS NULL AS ${one}`).join(", ")})`;
    const columns = (await read(`DESCRIBE ${String(schema)}.${String(table)}`)).map((row) =>
      row.slice(0, 2).join(" "),
    );
    const select = moments.every((one) => columns.some((column) => column.startsWith(`${one} `)))
      ? replaced
      : "*";
    const [summary] = await read(
      `SELECT COUNT(*), bit_xor(hash(t::VARCHAR)), SUM(hash(t::VARCHAR)) FROM (SELECT ${select} FROM ${String(schema)}.${String(table)}) t`,
    );
    world[`${String(schema)}.${String(table)}`] = JSON.stringify([columns, summary]);
  }
  connection.closeSync();
  instance.closeSync();
  const { watermarks } = JSON.parse(rocky(cwd, ["state"]).stdout) as { watermarks: readonly Watermark[] };
  for (const { table, last_value: value } of watermarks) {
    world[`watermark ${table}`] = value.startsWith("2025-") ? value : "the time of the run";
  }
  return world;
};

const differences = (
  left: Readonly<Record<string, string>>,
  right: Readonly<Record<string, string>>,
): string =>
  [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((key) => left[key] !== right[key])
    .map((key) => `${key} is ${right[key] ?? "missing"} instead of ${left[key] ?? "missing"}`)
    .join("; ");

const stateOf = (cwd: string): string | undefined =>
  ["models/.rocky-state.redb", ".rocky-state.redb"]
    .map((path) => join(cwd, path))
    .find((path) => existsSync(path));

const askState = (cwd: string, question: string): number => {
  const path = stateOf(cwd);
  if (path === undefined) return 0;
  const database = new Sqlite(path);
  const [row] = database.prepare(question).raw().all() as [[number]];
  database.close();
  return row[0];
};

/** Whether the state tells of work that was begun and not ended. */
const isUnfinished = (cwd: string): boolean =>
  askState(
    cwd,
    "SELECT (SELECT COUNT(*) FROM runs WHERE status = 'Running') + (SELECT COUNT(*) FROM appends)",
  ) > 0;

const ended = (child: ChildProcess): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => child.once("close", (_code, signal) => resolve(signal)));

/** Where a kill falls: so many lines of the log in, and a moment later. */
interface Point {
  readonly lines: number;
  readonly afterMs: number;
}

const runAndKill = async (cwd: string, argv: readonly string[], point: Point): Promise<boolean> => {
  const child = spawn(process.execPath, [program, ...argv], {
    cwd,
    env: environment,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const closed = ended(child);
  let lines = 0;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    const before = lines;
    lines += text.split("\n").length - 1;
    if (before < point.lines && lines >= point.lines) setTimeout(() => child.kill("SIGKILL"), point.afterMs);
  });
  if (point.lines === 0) setTimeout(() => child.kill("SIGKILL"), 150 + point.afterMs * 10);
  return (await closed) === "SIGKILL";
};

const prepared = async (
  work: string,
  project: Killed,
): Promise<{ cwd: string; command: readonly string[] }> => {
  const cwd = mkdtempSync(join(work, "project-"));
  for (const [path, text] of Object.entries(project.files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  await sql(cwd, project.before);
  for (const argv of project.prepare) {
    const { code, stderr } = rocky(cwd, argv);
    if (code !== 0) throw new Error(`${project.name} could not be prepared: ${stderr}`);
  }
  await sql(cwd, project.changes);
  if (project.command[1] !== "PLAN") return { cwd, command: project.command };
  const { plan_id: id } = JSON.parse(rocky(cwd, ["plan"]).stdout) as { plan_id: string };
  return { cwd, command: ["apply", id] };
};

const tryProject = async (
  work: string,
  project: Killed,
  kills: number,
  random: () => number,
): Promise<void> => {
  const moments = project.moments ?? [];
  const { cwd, command } = await prepared(work, project);
  const copied = (): string => {
    const copy = mkdtempSync(join(work, "copy-"));
    cpSync(cwd, copy, { recursive: true });
    return copy;
  };
  const undisturbed = copied();
  const usual = rocky(undisturbed, command);
  if (usual.code !== 0) throw new Error(`${project.name} fails undisturbed: ${usual.stderr.slice(-500)}`);
  const expected = await worldOf(undisturbed, moments);
  const lines = usual.stderr.split("\n").length - 1;
  for (let kill = 0; kill < kills; kill += 1) {
    const copy = copied();
    // Work that had ended before its kill has nothing to repeat: doing it twice is something else.
    const isDone = async (): Promise<boolean> =>
      !isUnfinished(copy) && differences(expected, await worldOf(copy, moments)) === "";
    let done = false;
    // Now and then the second try is killed as well.
    for (let again = true; again && !done; again = random() < 0.25) {
      const point = { lines: Math.floor(random() * (lines + 1)), afterMs: random() * 12 };
      done = !(await runAndKill(copy, command, point)) || (await isDone());
    }
    const what = `${project.name}, kill ${kill + 1}`;
    const last = done ? usual : rocky(copy, command);
    verdict(`${what}: the next command succeeds`, last.code === 0, last.stderr);
    const different = differences(expected, await worldOf(copy, moments));
    verdict(
      `${what}: tables and watermarks are those of an undisturbed command`,
      different === "",
      different,
    );
    rmSync(copy, { recursive: true, force: true });
  }
};

const projects = killed.filter(({ name }) => values.only === undefined || name === values.only);
const work = mkdtempSync(join(tmpdir(), "kills-"));
const seed = Number(values.seed);
console.log(`seed ${seed}`);
try {
  for (const [at, project] of projects.entries()) {
    const kills = Math.ceil(Number(values.kills) / projects.length);
    await tryProject(work, project, kills, seededRandom(seed + at).next);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
