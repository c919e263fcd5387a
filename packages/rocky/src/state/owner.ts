import { randomUUID } from "node:crypto";
import { hostname } from "node:os";

// A process id alone says little: in containers every process is number 1, and ids are used again.
const token = randomUUID();

/** This process, as others find it in the store: `host pid token`. */
export const ownOwner = (): string => `${hostname()} ${process.pid} ${token}`;

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
  if (owner === ownOwner()) return true;
  const [host, pid] = owner.split(" ");
  if (host !== hostname()) return true;
  // Our own number with another token was a process before us.
  return Number(pid) !== process.pid && processLives(Number(pid));
};
