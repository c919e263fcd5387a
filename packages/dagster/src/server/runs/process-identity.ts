import { readFileSync } from "node:fs";

/** A process id alone may be used again by another process; the start time tells the two apart. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Ticks since boot on Linux; absent elsewhere. */
  readonly startedAt?: string;
}

const STATE_FIELD = 0;
const START_TIME_FIELD = 19;

/** Fields of `/proc/<pid>/stat` after the command name, which may itself hold spaces and brackets. */
const statFields = (pid: number): readonly string[] | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
};

export const identify = (pid: number): ProcessIdentity => {
  const startedAt = statFields(pid)?.[START_TIME_FIELD];
  return startedAt === undefined ? { pid } : { pid, startedAt };
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** Whether that very process still runs. A zombie does not. */
export const isRunning = ({ pid, startedAt }: ProcessIdentity): boolean => {
  if (!exists(pid)) return false;
  const fields = statFields(pid);
  if (fields === undefined) return process.platform !== "linux";
  return fields[STATE_FIELD] !== "Z" && (startedAt === undefined || fields[START_TIME_FIELD] === startedAt);
};
