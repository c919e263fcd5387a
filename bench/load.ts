import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allShapes, forgetAnswers, inProjects, type LocationBench, megabytes, ratio } from "./shapes.ts";

/** Seconds, megabytes and bytes. */
interface Load {
  readonly seconds: number;
  readonly peak_mb: number;
  readonly bytes: number;
}

/** From the state to the serialised snapshot, in a process that has imported everything and talks to nobody. */
export function benchLoad(options: LocationBench): readonly object[] {
  return inProjects(options, allShapes(options), (shape, size, folder) => {
    const ours = measureOurs(options, folder);
    const peer = options.peer
      ? measure(options.python, [join(options.root, "bench/peer_load.py"), folder])
      : undefined;
    const label = `${size} assets, ${shape}`;
    const rows = [row(label, "ours", ours, peer)];
    if (peer) rows.push(row(label, "Python", peer, undefined));
    if (!removeLineage(folder)) return rows;
    return [...rows, row(label, "ours, without column lineage", measureOurs(options, folder), undefined)];
  });
}

/** Other work on the machine only adds, so the fastest of several; each in a process of its own. */
const LOADS = 5;

function measureOurs({ root }: LocationBench, folder: string): Load {
  const loads = Array.from({ length: LOADS }, () => {
    forgetAnswers(folder);
    return measure(process.execPath, [join(root, "bench/measure-load.mjs"), folder]);
  });
  return loads.reduce((best, load) => (load.seconds < best.seconds ? load : best));
}

function measure(program: string, args: readonly string[]): Load {
  const { NODE_EXTRA_CA_CERTS: _own, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(`measuring '${args.join(" ")}' failed: ${stderr}`);
  return JSON.parse(stdout) as Load;
}

/** Takes the lineage out of the state; false when there was none. */
function removeLineage(folder: string): boolean {
  const states = join(folder, ".local_defs_state");
  const [key] = readdirSync(states).filter((name) => !name.startsWith("."));
  const file = join(states, key ?? "", "state");
  const state = JSON.parse(readFileSync(file, "utf8")) as { dag?: { column_lineage?: unknown } };
  if (state.dag?.column_lineage === undefined) return false;
  delete state.dag.column_lineage;
  writeFileSync(file, JSON.stringify(state));
  return true;
}

function row(label: string, which: string, load: Load, peer: Load | undefined): object {
  return {
    case: label,
    which,
    "state to snapshot": `${load.seconds.toFixed(3)} s${ratio(load.seconds, peer?.seconds)}`,
    memory: `${load.peak_mb.toFixed(0)} MB${ratio(load.peak_mb, peer?.peak_mb)}`,
    size: megabytes(load.bytes),
  };
}
