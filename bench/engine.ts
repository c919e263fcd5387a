import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeModel, writeModelsProject } from "./projects.ts";

interface EngineBench {
  readonly root: string;
  readonly work: string;
  readonly sizes: readonly number[];
}

/** What the Rust engine needed for 10,000 models on the reference machine. */
const rust = { compile: "1.41 s, 178 MB", dag: "1.51 s, 218 MB" } as const;

/** `rocky compile` and `dag --column-lineage`: with nothing on record, unchanged, and after one edit. */
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
      // Both commands keep the same records, so each starts from none.
      rmSync(join(folder, ".rocky"), { recursive: true, force: true });
      const cold = measured([rocky, ...args], folder);
      const warm = measured([rocky, ...args], folder);
      writeModel(join(folder, "models"), Math.floor(size / 2), name);
      const edited = measured([rocky, ...args], folder);
      rows.push({
        case: `${size} models, ${name}`,
        seconds: cold.seconds,
        MB: cold.megabytes,
        unchanged: warm.seconds,
        "one edit": edited.seconds,
        "MB then": edited.megabytes,
        Rust: size === 10_000 ? `${rust[name]} (recorded)` : "",
      });
    }
  }
  return rows;
}

interface Measured {
  readonly seconds: string;
  readonly megabytes: number;
}

/** Loaded into the measured process; says the most memory that it ever held, in kilobytes. */
const sayMemory = `process.on("exit", () => process.stderr.write("\\nmemory " + process.resourceUsage().maxRSS + "\\n"))`;

function measured(args: readonly string[], cwd: string): Measured {
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(sayMemory)}`, ...args],
    { cwd, encoding: "utf8", maxBuffer: 1 << 30 },
  );
  const seconds = (Number(process.hrtime.bigint() - started) / 1e9).toFixed(3);
  if (status !== 0)
    throw new Error(`rocky ${args.slice(1).join(" ")} ended with ${status}: ${stderr.slice(-2000)}`);
  const kilobytes = Number(/\nmemory (\d+)\n$/.exec(stderr)?.[1]);
  return { seconds, megabytes: Math.round(kilobytes / 1024) };
}
