import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ShellResult {
  readonly exitCode: number | null;
  /** Standard output and standard error, as a terminal shows them. */
  readonly output: string;
}

/** A terminal: commands one after the other, each in the folder in which the last one ended. */
export interface Shell {
  readonly cwd: string;
  run(script: string): Promise<ShellResult>;
  /** Starts what goes on running, and waits until it has printed `until`. */
  start(script: string, until: string): Promise<void>;
  /** Ends everything that was started. */
  close(): Promise<void>;
}

const LIMIT_MS = 300_000;

export function openShell(folder: string, env: NodeJS.ProcessEnv): Shell {
  let cwd = folder;
  let count = 0;
  const running: ChildProcess[] = [];
  const bash = (script: string, detached: boolean) =>
    spawn("bash", ["-e", "-o", "pipefail", "-c", script], {
      cwd,
      env,
      detached,
      stdio: ["ignore", "pipe", "pipe"],
    });
  return {
    get cwd() {
      return cwd;
    },
    async run(script) {
      count += 1;
      const place = join(tmpdir(), `docs-cwd-${process.pid}-${count}`);
      const child = bash(`${script}\npwd > ${place}`, false);
      const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
      const output = collect(child);
      const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
      clearTimeout(timer);
      if (existsSync(place)) cwd = readFileSync(place, "utf8").trim();
      rmSync(place, { force: true });
      return { exitCode, output: output() };
    },
    async start(script, until) {
      const child = bash(script, true);
      running.push(child);
      const output = collect(child);
      const deadline = Date.now() + LIMIT_MS;
      while (!output().includes(until)) {
        if (child.exitCode !== null)
          throw new Error(`it ended with exit code ${child.exitCode}: ${output()}`);
        if (Date.now() > deadline) throw new Error(`it did not print "${until}" in time: ${output()}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async close() {
      const open = running.filter((child) => child.exitCode === null && child.signalCode === null);
      const ended = open.map((child) => new Promise((resolve) => child.once("close", resolve)));
      for (const child of open) signal(child, "SIGTERM");
      const timer = setTimeout(() => {
        for (const child of open) signal(child, "SIGKILL");
      }, 20_000);
      await Promise.all(ended);
      clearTimeout(timer);
    },
  };
}

function collect(child: ChildProcess): () => string {
  const pieces: Buffer[] = [];
  child.stdout?.on("data", (piece: Buffer) => pieces.push(piece));
  child.stderr?.on("data", (piece: Buffer) => pieces.push(piece));
  return () => Buffer.concat(pieces).toString("utf8");
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
