import type { StateDatabase } from "./database.ts";

export type Claim =
  | { readonly kind: "claimed" }
  | { readonly kind: "done"; readonly runId: string }
  | { readonly kind: "in_flight"; readonly runId: string };

export interface ClaimRequest {
  readonly key: string;
  readonly runId: string;
  readonly now: Date;
  /** A claim older than this belongs to a run that died. */
  readonly inFlightTtlHours: number;
  readonly retentionDays: number;
  /** Who claims; see `owner.ts`. */
  readonly owner: string;
  /** Whether an owner may still be working. */
  readonly isAlive: (owner: string) => boolean;
}

const HOUR_MS = 3_600_000;

/** Takes the key for a run, unless another run has it or has had it. */
export const claimKey = (state: StateDatabase, request: ClaimRequest): Promise<Claim> =>
  state.write((transaction) => {
    const ago = (milliseconds: number): string =>
      new Date(request.now.getTime() - milliseconds).toISOString();
    transaction.run(
      "DELETE FROM idempotency_keys WHERE status <> 'in_flight' AND finished_at < ?",
      ago(request.retentionDays * 24 * HOUR_MS),
    );
    const row = transaction.all(
      "SELECT run_id, status, claimed_at, owner FROM idempotency_keys WHERE key = ?",
      request.key,
    )[0];
    if (row !== undefined) {
      const runId = String(row[0]);
      if (row[1] !== "in_flight") return { kind: "done", runId };
      const fresh = String(row[2]) >= ago(request.inFlightTtlHours * HOUR_MS);
      if (fresh && request.isAlive(String(row[3]))) return { kind: "in_flight", runId };
    }
    transaction.run(
      "INSERT OR REPLACE INTO idempotency_keys VALUES (?, ?, 'in_flight', ?, NULL, ?)",
      request.key,
      request.runId,
      request.now.toISOString(),
      request.owner,
    );
    return { kind: "claimed" };
  });

/** Keeps the key when the run counts as done, and frees it otherwise. */
export const settleKey = (state: StateDatabase, key: string, runId: string, done: boolean): Promise<void> =>
  state.write((transaction) => {
    if (done) {
      transaction.run(
        "UPDATE idempotency_keys SET status = 'done', finished_at = ? WHERE key = ? AND run_id = ?",
        new Date().toISOString(),
        key,
        runId,
      );
    } else transaction.run("DELETE FROM idempotency_keys WHERE key = ? AND run_id = ?", key, runId);
  });
