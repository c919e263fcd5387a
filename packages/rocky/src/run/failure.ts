import { isSqlError } from "../adapters/sql-error.ts";
import { formatLocation, RockyError } from "../errors.ts";
import type { FailureKind } from "./output.ts";

export const isInterruption = (thrown: unknown): boolean =>
  isSqlError(thrown, "interrupted") || (thrown instanceof RockyError && thrown.code === "cancelled");

export const failureKindOf = (thrown: unknown): FailureKind => {
  if (isSqlError(thrown)) {
    switch (thrown.kind) {
      case "busy":
      case "conflict":
      case "unavailable":
        return "transient";
      case "open":
        return "connection-failed";
      // DuckDB's own refusals count as unknown, which is how clients have learnt to read them.
      case "missing_relation":
      case "statement":
      case "identifier":
      case "interrupted":
        return "unknown";
      default:
        return thrown.kind satisfies never;
    }
  }
  return thrown instanceof RockyError && thrown.code === "compile_failed" ? "compile-error" : "unknown";
};

/** The message with its place and hint, since a payload has no other room for them. */
export const failureText = (thrown: unknown): string => {
  const { message, where, hint } = RockyError.from(thrown);
  // A database or a folder is named by the message already.
  const isNamed = where?.file !== undefined && message.includes(where.file);
  const place = isNamed ? "" : formatLocation(where);
  const rest = [place, hint ?? ""].filter((part) => part !== "");
  return rest.length === 0 ? message : `${message} (${rest.join("; ")})`;
};
