import { DecodeError, type JsonRecord, record } from "../decode.ts";
import { decodeRun, type RunOutput } from "./run.ts";

/** What `rocky apply` did, by the kind of plan it applied. */
export type ApplyOutput =
  | { readonly kind: "run"; readonly run: RunOutput }
  | { readonly kind: "compact" | "archive" | "promote" | "restore" | "evict"; readonly payload: JsonRecord };

const KIND_BY_COMMAND = {
  "compact apply": "compact",
  "archive apply": "archive",
  "branch promote": "promote",
} as const;

export const decodeApply = (value: unknown): ApplyOutput => {
  const payload = record(value);
  const name = payload.command;
  if (name === "run") return { kind: "run", run: decodeRun(payload) };
  if (name === "compact apply" || name === "archive apply" || name === "branch promote")
    return { kind: KIND_BY_COMMAND[name], payload };
  if (name === "apply" && "restored" in payload) return { kind: "restore", payload };
  if (name === "apply" && "evicted" in payload) return { kind: "evict", payload };
  if (name === "apply" && ("inner_result" in payload || "inner" in payload || "result" in payload))
    return { kind: "run", run: decodeRun(payload) };
  throw new DecodeError(`output of a known kind of plan expected, got command ${JSON.stringify(name)}`);
};
