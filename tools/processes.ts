import { type ChildProcess, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { createServer } from "node:net";

/** Long-running children of one task; all of them end with it. */
export class Processes {
  // Not by name: two hosts of one task may bear the same.
  readonly #children: { readonly name: string; readonly child: ChildProcess }[] = [];

  /** Starts a child in a process group of its own, so that one signal reaches its whole family. */
  start(
    name: string,
    command: string,
    args: readonly string[],
    options: { cwd?: string; env?: NodeJS.ProcessEnv; log: string },
  ): ChildProcess {
    const log = openSync(options.log, "a");
    const child = spawn(command, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
      stdio: ["ignore", log, log],
      detached: true,
    });
    child.once("error", (error) => console.error(`${name} did not start: ${error.message}`));
    this.#children.push({ name, child });
    return child;
  }

  #stopping = false;

  /** Resolves with the name of the first child that ends by itself. */
  async firstToEnd(): Promise<string> {
    return Promise.race(
      this.#children.map(
        ({ name, child }) =>
          new Promise<string>((resolve) => {
            child.once("exit", () => {
              if (!this.#stopping) resolve(name);
            });
          }),
      ),
    );
  }

  /** SIGTERM to every family, then SIGKILL to what is left after `graceMs`. */
  async stop(graceMs = 8000): Promise<void> {
    this.#stopping = true;
    const open = this.#children
      .splice(0)
      .map(({ child }) => child)
      .filter((child) => child.exitCode === null && child.signalCode === null);
    const ended = Promise.all(open.map((child) => new Promise((resolve) => child.once("exit", resolve))));
    for (const child of open) signalGroup(child, "SIGTERM");
    const timer = setTimeout(() => {
      for (const child of open) signalGroup(child, "SIGKILL");
    }, graceMs);
    await ended;
    clearTimeout(timer);
    for (const child of open) signalGroup(child, "SIGKILL");
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** `wanted` when nothing listens there, else a port that the system picks. */
export async function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" && wanted !== 0) freePort().then(resolve, reject);
      else reject(error);
    });
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : wanted));
    });
  });
}

/** Asks again until `probe` gives a value; a thrown error or undefined means "not yet". */
export async function waitFor<T>(
  what: string,
  seconds: number,
  probe: () => Promise<T | undefined>,
  intervalMs = 200,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    let last = "";
    try {
      const value = await probe();
      if (value !== undefined) return value;
    } catch (error) {
      last = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${seconds} s${last}`);
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
