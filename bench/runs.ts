import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeShopProject } from "./projects.ts";

interface RunsBench {
  readonly root: string;
  readonly work: string;
  /** An interpreter with the stock Dagster: it plays the host, for both sides. */
  readonly python: string;
  readonly peer: boolean;
}

interface Measurement {
  readonly first_step: number;
  readonly whole_run: number;
  readonly assets: number;
}

/**
 * All assets of a small shop in a real instance, launched over gRPC as the stock run launcher does. Ours runs them with
 * the engine inside of the package; Python's component, which has none, calls the same engine as a program.
 */
export async function benchRuns(options: RunsBench): Promise<readonly object[]> {
  const ours = await measure(options, "ours", "rocky", (folder) => [
    process.execPath,
    join(options.root, "packages/dagster-rocky/bin/dagster-rocky.js"),
    ...["serve", "--project", folder, "--host", "127.0.0.1", "--port", "{port}"],
  ]);
  const rows = [row("ours", ours, undefined)];
  if (!options.peer) return rows;
  const engine = join(options.root, "packages/rocky/bin/rocky.js");
  const peer = await measure(options, "peer", engine, (folder) => [
    options.python,
    ...[join(options.root, "bench/peer_location.py"), folder, "{port}"],
  ]);
  return [row("ours", ours, peer), row("Python", peer, undefined)];
}

async function measure(
  options: RunsBench,
  name: string,
  binaryPath: string,
  serve: (folder: string) => readonly string[],
): Promise<Measurement> {
  const folder = join(options.work, `shop-${name}`);
  mkdirSync(folder);
  await writeShopProject(folder, binaryPath);
  const program = join(options.root, "packages/dagster-rocky/bin/dagster-rocky.js");
  output(process.execPath, [program, "refresh", "--project", folder]);
  const script = join(options.root, "bench/measure_run.py");
  const log = join(options.work, `${name}.log`);
  return JSON.parse(
    output(options.python, [script, "--cwd", folder, "--log", log, ...serve(folder)]),
  ) as Measurement;
}

function output(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`'${command} ${args.join(" ")}' failed: ${stderr.slice(-2000)}`);
  return stdout;
}

function row(which: string, one: Measurement, peer: Measurement | undefined): object {
  const cell = (slot: "first_step" | "whole_run") =>
    `${one[slot].toFixed(3)} s${peer === undefined ? "" : ` (1/${(peer[slot] / one[slot]).toFixed(1)})`}`;
  return {
    case: `a run of ${one.assets} assets`,
    which,
    "STARTING to first step": cell("first_step"),
    "whole run": cell("whole_run"),
  };
}
