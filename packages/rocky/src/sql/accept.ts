import type { Analysis, QueryFacts } from "./facts.ts";

export const refusal = (message: string): Analysis => ({ ok: false, problem: { message } });

/** Queries that parse but are no model. */
export const accept = (facts: QueryFacts): Analysis => {
  const { kind, hasFrom } = facts.query;
  if (kind === "values") return refusal("a bare VALUES list has no column names: select from it");
  if (kind === "set" && !hasFrom) return refusal(CONSTANT_ROWS);
  return { ok: true, facts };
};

// Refused as the original engine refuses every top-level set operation; those that read something are accepted.
const CONSTANT_ROWS = "a set operation that reads no table only lists rows: keep them in a seed";
