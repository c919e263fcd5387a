import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeModel, writeModelsProject } from "./projects.ts";

interface EngineBench {
  readonly root: string;
  readonly work: string;
  readonly sizes: readonly number[];
}

/** What the Rust engine needed for 10,000 models on the reference machine, in seconds. */
const rustSeconds = { compile: 1.41, dag: 1.51 } as const;

/** `rocky compile` and `dag --column-lineage`: cold, unchanged, and after one edit. */
export function benchEngine(options: EngineBench): readonly object[] {
  const rocky = join(options.root, "packages/rocky/bin/rocky.js");
  const rows: object[] = [];
  for (const size of options.sizes) {
    const folder = join(options.work, `models-${size}`);
    mkdirSync(folder);
    writeModelsProject(folder, size);
    const commands = {
      compile: ["compile", "--models", "models"],
      dag: ["dag", "--column-lineage"],
    } as const;
    for (const [name, args] of Object.entries(commands) as ["compile" | "dag", readonly string[]][]) {
      const cold = timed([rocky, ...args], folder);
      const warm = timed([rocky, ...args], folder);
      writeModel(join(folder, "models"), Math.floor(size / 2), name);
      const edited = timed([rocky, ...args], folder);
      const reference = size === 10_000 ? `${rustSeconds[name]} (recorded)` : "";
      rows.push({
        case: `${size} models, ${name}`,
        seconds: cold,
        unchanged: warm,
        "one edit": edited,
        Rust: reference,
      });
    }
  }
  return rows;
}

function timed(args: readonly string[], cwd: string): string {
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, [...args], {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  if (status !== 0)
    throw new Error(`rocky ${args.slice(1).join(" ")} ended with ${status}: ${stderr.slice(-2000)}`);
  return (Number(process.hrtime.bigint() - started) / 1e9).toFixed(3);
}
