import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, openSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { waitFor } from "../../tools/processes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const entry = join(root, "packages/dagster/bin/dagster-ts.js");

/** A code location's server that can be ended and started again. */
export interface Server {
  start(): Promise<void>;
  /** With so little memory that a step can use it up. */
  restart(options?: { readonly megabytes?: number }): Promise<void>;
  kill(): Promise<void>;
}

/** A copy of the project below `work`, because a server writes beside it; gives its folder. */
export function copyProject(work: string): string {
  const project = join(work, "project");
  cpSync(fileURLToPath(new URL("./project", import.meta.url)), project, { recursive: true });
  symlinkSync(join(root, "node_modules"), join(work, "node_modules"));
  return project;
}

export function createServer(project: string, port: number, log: string): Server {
  let child: ChildProcess | undefined;
  const start = async (megabytes?: number): Promise<void> => {
    const output = openSync(log, "a");
    const address = ["--host", "127.0.0.1", "--port", String(port)];
    child = spawn(process.execPath, [entry, "serve", "--project", project, ...address], {
      env: {
        ...process.env,
        ...(megabytes === undefined ? {} : { NODE_OPTIONS: `--max-old-space-size=${megabytes}` }),
      },
      stdio: ["ignore", output, output],
    });
    await waitFor("the code location", 30, async () => {
      const check = spawn(process.execPath, [entry, "api", "grpc-health-check", "--port", String(port)], {
        stdio: "ignore",
      });
      const code = await new Promise((resolve) => check.once("exit", resolve));
      return code === 0 ? true : undefined;
    });
  };
  const kill = async (): Promise<void> => {
    const current = child;
    if (current === undefined || current.exitCode !== null || current.signalCode !== null) return;
    const gone = new Promise((resolve) => current.once("exit", resolve));
    current.kill("SIGKILL");
    await gone;
  };
  return {
    start: () => start(),
    kill,
    restart: async ({ megabytes } = {}) => {
      await kill();
      await start(megabytes);
    },
  };
}
