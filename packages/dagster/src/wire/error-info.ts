import type { WireObject } from "./nodes.ts";
import { wire } from "./wire.ts";

const MAX_CAUSES = 8;

/** An error as the UI shows it: class name, message, stack lines, cause. */
export function errorInfo(error: unknown, depth = 0): WireObject {
  const known = error instanceof Error ? error : new Error(String(error));
  const className = known.name === "Error" ? known.constructor.name : known.name;
  const cause = known.cause;
  const nested =
    cause === undefined || cause === null || depth >= MAX_CAUSES ? null : errorInfo(cause, depth + 1);
  return wire("SerializableErrorInfo", {
    cls_name: className,
    message: `${className}: ${known.message}\n`,
    stack: stackLines(known),
    cause: nested,
    context: null,
  });
}

/** The frames alone: `stack` repeats name and message first, and a message may have several lines. */
function stackLines(error: Error): string[] {
  const lines = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return lines.map((line) => `${line}\n`);
}
