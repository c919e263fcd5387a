import { AsyncLocalStorage } from "node:async_hooks";
import type { LogCapture } from "../../instance/compute-logs/compute-logs.ts";

type Stream = "stdout" | "stderr";
type Write = typeof process.stdout.write;

const current = new AsyncLocalStorage<LogCapture>();
let installed = false;

/**
 * Runs `work` so that everything it prints goes to `capture`, also when other steps print at the same
 * time: each step's asynchronous context knows its own files. The process' own output goes on.
 * Generators are resumed from outside, so each resumption has to enter the context again.
 */
export const inCapturedContext = <T>(capture: LogCapture, work: () => T): T => {
  install();
  return current.run(capture, work);
};

function install(): void {
  if (installed) return;
  installed = true;
  tee("stdout");
  tee("stderr");
}

function tee(stream: Stream): void {
  const target = process[stream];
  const original: Write = target.write.bind(target);
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const capture = current.getStore();
    if (capture !== undefined) copyTo(capture, stream, chunk, rest[0]);
    return (original as (...args: unknown[]) => boolean)(chunk, ...rest);
  };
  target.write = write as Write;
}

function copyTo(capture: LogCapture, stream: Stream, chunk: string | Uint8Array, encoding: unknown): void {
  const isText = typeof chunk === "string" && typeof encoding === "string" && Buffer.isEncoding(encoding);
  capture.write(stream, isText ? Buffer.from(chunk as string, encoding as BufferEncoding) : chunk);
}
