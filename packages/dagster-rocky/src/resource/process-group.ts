import type { ChildProcess } from "node:child_process";

/** Leaders of the process groups that are alive, so that none outlives this process. */
const live = new Set<number>();
let hooked = false;

const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
};

const killAll = (): void => {
  for (const pid of live) signalGroup(pid, "SIGKILL");
};

/** Remembers a detached child until it has ended; if this process exits first, its group is killed. */
export const adopt = (child: ChildProcess): void => {
  const { pid } = child;
  if (pid === undefined) return;
  if (!hooked) {
    hooked = true;
    process.once("exit", killAll);
  }
  live.add(pid);
  child.once("close", () => live.delete(pid));
};

/**
 * Asks the whole group to end, and kills it when it has not after `graceMs`. The returned function stops the
 * countdown.
 */
export const endGroup = (pid: number, graceMs: number): (() => void) => {
  signalGroup(pid, "SIGTERM");
  const timer = setTimeout(() => signalGroup(pid, "SIGKILL"), graceMs);
  return () => clearTimeout(timer);
};

export const killGroup = (pid: number): void => signalGroup(pid, "SIGKILL");
