import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeDagProject, writeDiscoverProject } from "./projects.ts";

interface Measurement {
  readonly first_ping: number;
  readonly snapshot: number;
  readonly again: number;
  readonly peak_mb: number;
  readonly bytes: number;
}

interface LocationBench {
  readonly root: string;
  readonly work: string;
  /** An interpreter with the stock Dagster: it plays the host, for both sides. */
  readonly python: string;
  readonly sizes: readonly number[];
  readonly peer: boolean;
}

const shapes = { discover: writeDiscoverProject, dag: writeDagProject } as const;

/** Spawn to whole snapshot, and the snapshot once more: ours from nothing, ours again, and the Python peer. */
export function benchLocation(options: LocationBench): readonly object[] {
  const rows: object[] = [];
  for (const size of options.sizes) {
    for (const [shape, write] of Object.entries(shapes)) {
      const folder = join(options.work, `${shape}-${size}`);
      mkdirSync(folder);
      write(folder, size);
      const entry = join(options.root, "packages/dagster-rocky/bin/dagster-rocky.js");
      const ours = [
        process.execPath,
        entry,
        "serve",
        "--project",
        folder,
        "--host",
        "127.0.0.1",
        "--port",
        "{port}",
      ];
      const theirs = [options.python, join(options.root, "bench/peer_location.py"), folder, "{port}"];
      const cold = measure(options, folder, "cold", ours);
      const second = measure(options, folder, "second", ours);
      const peer = options.peer ? measure(options, folder, "peer", theirs) : undefined;
      const label = `${size} assets, ${shape}`;
      rows.push(row(label, "from nothing", cold, peer), row(label, "second start", second, peer));
      if (peer) rows.push(row(label, "Python", peer, undefined));
    }
  }
  return rows;
}

function measure(
  options: LocationBench,
  folder: string,
  name: string,
  command: readonly string[],
): Measurement {
  const script = join(options.root, "bench/measure_location.py");
  const log = join(options.work, `${name}.log`);
  const { status, stdout, stderr } = spawnSync(
    options.python,
    [script, "--cwd", folder, "--log", log, ...command],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`measuring '${command.join(" ")}' failed: ${stderr}`);
  return JSON.parse(stdout) as Measurement;
}

function row(label: string, which: string, ours: Measurement, peer: Measurement | undefined): object {
  const ratio = (slot: "first_ping" | "snapshot" | "again" | "peak_mb") =>
    peer === undefined ? "" : ` (1/${(peer[slot] / ours[slot]).toFixed(1)})`;
  const seconds = (slot: "first_ping" | "snapshot" | "again") => `${ours[slot].toFixed(3)} s${ratio(slot)}`;
  return {
    case: label,
    which,
    "first Ping": seconds("first_ping"),
    "whole snapshot": seconds("snapshot"),
    "asked again": seconds("again"),
    memory: `${ours.peak_mb.toFixed(0)} MB${ratio("peak_mb")}`,
    size: `${(ours.bytes / 1e6).toFixed(1)} MB`,
  };
}
