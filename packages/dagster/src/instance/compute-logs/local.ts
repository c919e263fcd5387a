import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import type { ComputeLogs } from "./compute-logs.ts";

/** Longer names than this the host replaces by a digest. */
const MAX_FILE_NAME = 255;

/** The host's files below `baseDir`: `<run>/compute_logs/<key>.out`, `.err` and, at the end, `.complete`. */
export function openLocalComputeLogs(baseDir: string): ComputeLogs {
  return {
    open: (key) => {
      const paths = { stdout: capturePath(baseDir, key, "out"), stderr: capturePath(baseDir, key, "err") };
      mkdirSync(dirname(paths.stdout), { recursive: true });
      const files = { stdout: openSync(paths.stdout, "a"), stderr: openSync(paths.stderr, "a") };
      let open = true;
      let failure: Error | undefined;
      return {
        write: (stream, chunk) => {
          if (!open || failure !== undefined) return;
          try {
            writeFully(files[stream], typeof chunk === "string" ? Buffer.from(chunk, "utf8") : chunk);
          } catch (error) {
            // Such as a full disk. It is not for whoever prints to deal with.
            failure = incomplete(paths[stream], error);
          }
        },
        close: async () => {
          if (!open) return;
          open = false;
          closeSync(files.stdout);
          closeSync(files.stderr);
          writeFileSync(capturePath(baseDir, key, "complete"), "");
          if (failure !== undefined) throw failure;
        },
      };
    },
  };
}

const incomplete = (path: string, cause: unknown): Error =>
  new Error(
    `captured output is incomplete from where ${path} could not be written: ${cause instanceof Error ? cause.message : cause}`,
    { cause },
  );

/** The file of one stream (`out`, `err`) or of the end mark (`complete`) of a capture. */
export function capturePath(baseDir: string, key: readonly string[], extension: string): string {
  const base = key.at(-1) ?? "";
  const named = `${base}.${extension}`;
  const name =
    named.length > MAX_FILE_NAME ? `${createHash("md5").update(base).digest("hex")}.${extension}` : named;
  const root = resolve(baseDir);
  const path = resolve(join(root, ...key.slice(0, -1), name));
  // A run id comes from a message; it must not lead out of the folder.
  if (!path.startsWith(root + sep)) throw new Error(`log key ${key.join("/")} leads out of ${root}`);
  return path;
}

/** A full disk or a slow pipe may take only a part at a time. */
function writeFully(file: number, bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) at += writeSync(file, bytes, at);
}
