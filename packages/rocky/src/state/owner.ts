import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

// A process id alone says little: in containers every process is number 1, and ids are used again.
const token = randomUUID();

interface KernelView {
  /** It has ended, and nobody has asked how. */
  readonly isZombie: boolean;
  /** When it began, in ticks since the machine did. */
  readonly start: string;
}

/** What Linux says of a process; undefined elsewhere. */
const kernelView = (pid: number): KernelView | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the command is in brackets, and may hold brackets and spaces itself.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { isZombie: fields[0] === "Z", start: fields[19] ?? "" };
  } catch {
    return undefined;
  }
};

const own = [hostname(), process.pid, token, kernelView(process.pid)?.start ?? ""].join(" ").trimEnd();

/** This process, as others find it in the store: `host pid token start`. */
export const ownOwner = (): string => own;

const processLives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM says that it lives and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};

/** Whether an owner may still be working; of another machine nobody can tell, so it may. */
export const ownerMayLive = (owner: string): boolean => {
  if (owner === own) return true;
  const [host, number, , start = ""] = owner.split(" ");
  if (host !== hostname()) return true;
  const pid = Number(number);
  // Our own number with another token was a process before us.
  if (pid === process.pid || !processLives(pid)) return false;
  const now = kernelView(pid);
  // Another beginning is another process, which has got the number since.
  return now === undefined || (!now.isZombie && (start === "" || now.start === start));
};
