import { spawnSync } from "node:child_process";
import { join } from "node:path";
import {
  allShapes,
  forgetAnswers,
  inProjects,
  type LocationBench,
  megabytes,
  ratio,
  type Shape,
  shapes,
} from "./shapes.ts";

/** Seconds and megabytes. */
interface Measurement {
  readonly first_ping: number;
  readonly snapshot: number;
  readonly cpu: number;
  readonly again: number;
  readonly peak_mb: number;
  readonly longest_block: number | null;
  readonly bytes: number;
}

const TIMED = ["first_ping", "snapshot", "cpu", "again", "peak_mb"] as const;
type Timed = (typeof TIMED)[number];

/** Spawn to whole snapshot, and the snapshot once more: ours from nothing, ours again, and the Python peer. */
export function benchLocation(options: LocationBench): readonly object[] {
  return inProjects(options, allShapes(options), (shape, size, folder) => {
    const cold = measureOurs(options, folder, "cold", forgetAnswers);
    const second = measureOurs(options, folder, "second");
    const theirs = [options.python, join(options.root, "bench/peer_location.py"), folder, "{port}"];
    const peer = options.peer ? measure(options, folder, "peer", theirs) : undefined;
    const label = `${size} assets, ${shape}`;
    const rows = [row(label, "from nothing", cold, peer), row(label, "second start", second, peer)];
    return peer ? [...rows, row(label, "Python", peer, undefined)] : rows;
  });
}

/** What a start from nothing costs more than one with the first size. Ours alone: Python's would take an hour. */
export function benchGrowth(options: LocationBench): readonly object[] {
  const bases = new Map<Shape, { readonly size: number; readonly cold: Measurement }>();
  return inProjects(options, shapes, (shape, size, folder) => {
    const cold = measureOurs(options, folder, "cold", forgetAnswers);
    const base = bases.get(shape) ?? { size, cold };
    bases.set(shape, base);
    const times = (slot: "snapshot" | "cpu" | "peak_mb"): string =>
      `${(cold[slot] / base.cold[slot]).toFixed(1)} x`;
    return [
      {
        case: `${size} assets, ${shape}`,
        assets: `${(size / base.size).toFixed(1)} x`,
        "whole snapshot": `${cold.snapshot.toFixed(2)} s, ${times("snapshot")}`,
        CPU: `${cold.cpu.toFixed(2)} s, ${times("cpu")}`,
        memory: `${cold.peak_mb.toFixed(0)} MB, ${times("peak_mb")}`,
        "longest block": milliseconds(cold.longest_block),
        size: megabytes(cold.bytes),
      },
    ];
  });
}

/** Starts as short as ours vary by a tenth on a machine that does other things too. */
const STARTS = 5;

/** The median of several starts. The probe of the event loop costs time and memory, so it has a start of its own. */
function measureOurs(
  options: LocationBench,
  folder: string,
  name: string,
  prepare: (folder: string) => void = () => undefined,
): Measurement {
  const entry = join(options.root, "packages/dagster-rocky/bin/dagster-rocky.js");
  const serve = ["serve", "--project", folder, "--host", "127.0.0.1", "--port", "{port}"];
  const start = (...flags: readonly string[]): Measurement => {
    prepare(folder);
    return measure(options, folder, name, [process.execPath, entry, ...serve], flags);
  };
  const probed = start("--probe", join(options.root, "bench/event-loop-probe.mjs"));
  const starts = Array.from({ length: STARTS }, () => start());
  const median = (slot: Timed): number =>
    starts.map((one) => one[slot]).sort((a, b) => a - b)[STARTS >> 1] ?? 0;
  return { ...probed, ...Object.fromEntries(TIMED.map((slot) => [slot, median(slot)])) };
}

function measure(
  options: LocationBench,
  folder: string,
  name: string,
  command: readonly string[],
  flags: readonly string[] = [],
): Measurement {
  const script = join(options.root, "bench/measure_location.py");
  const log = join(options.work, `${name}.log`);
  const { status, stdout, stderr } = spawnSync(
    options.python,
    [script, "--cwd", folder, "--log", log, ...flags, ...command],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`measuring '${command.join(" ")}' failed: ${stderr}`);
  return JSON.parse(stdout) as Measurement;
}

const milliseconds = (seconds: number | null): string =>
  seconds === null ? "" : `${(seconds * 1000).toFixed(0)} ms`;

function row(label: string, which: string, ours: Measurement, peer: Measurement | undefined): object {
  const seconds = (slot: Exclude<Timed, "peak_mb">) =>
    `${ours[slot].toFixed(3)} s${ratio(ours[slot], peer?.[slot])}`;
  return {
    case: label,
    which,
    "first Ping": seconds("first_ping"),
    "whole snapshot": seconds("snapshot"),
    CPU: seconds("cpu"),
    "asked again": seconds("again"),
    memory: `${ours.peak_mb.toFixed(0)} MB${ratio(ours.peak_mb, peer?.peak_mb)}`,
    "longest block": milliseconds(ours.longest_block),
    size: megabytes(ours.bytes),
  };
}
