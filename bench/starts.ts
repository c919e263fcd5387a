import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeTablesProject } from "./projects.ts";

interface StartsBench {
  readonly root: string;
  readonly work: string;
}

interface Case {
  readonly name: string;
  readonly words: readonly string[];
  readonly folder: string;
  /** Seconds that the Rust engine needed on the reference machine. */
  readonly rust?: number;
}

const REPEATS = 5;

/** What every call of the engine costs before it does anything, and runs of small models beside DuckDB alone. */
export function benchStarts({ root, work }: StartsBench): readonly object[] {
  const rocky = join(root, "packages/rocky/bin/rocky.js");
  const project = (models: number): string => {
    const folder = join(work, `tables-${models}`);
    mkdirSync(folder);
    writeTablesProject(folder, models);
    return folder;
  };
  const [small, large] = [project(8), project(200)];
  const cases: readonly Case[] = [
    { name: "Node itself", words: ["-e", "0"], folder: small },
    { name: "--version", words: [rocky, "--version"], folder: small, rust: 0.014 },
    { name: "validate", words: [rocky, "validate"], folder: small, rust: 0.014 },
    { name: "run, one model", words: [rocky, "run", "--model", "table_7"], folder: small, rust: 0.09 },
    { name: "run, 200 models", words: [rocky, "run"], folder: large, rust: 0.56 },
    {
      name: "the same statements, DuckDB alone",
      words: [join(root, "bench/direct-run.mjs"), large],
      folder: large,
    },
  ];
  const seconds = cases.map(({ words, folder }) => fastest(words, folder));
  const alone = seconds.at(-1) ?? Number.NaN;
  return cases.map(({ name, rust }, at) => {
    const ours = seconds[at] ?? Number.NaN;
    return {
      case: name,
      seconds: ours.toFixed(3),
      "beside DuckDB alone": name.startsWith("run, 200") ? `${(ours / alone).toFixed(2)} ×` : "",
      Rust: rust === undefined ? "" : `${rust} (recorded)`,
      ratio: rust === undefined ? "" : `${(ours / rust).toFixed(1)} ×`,
    };
  });
}

/** Of several, because other work on the machine can only add. Each from nothing: a run finds no database. */
function fastest(words: readonly string[], cwd: string): number {
  const taken = Array.from({ length: REPEATS }, () => {
    for (const file of ["bench.duckdb", "direct.duckdb"]) rmSync(join(cwd, file), { force: true });
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, words, { cwd, encoding: "utf8" });
    if (status !== 0) throw new Error(`node ${words.join(" ")} ended with ${status}: ${stderr.slice(-2000)}`);
    return (performance.now() - started) / 1000;
  });
  return Math.min(...taken);
}
