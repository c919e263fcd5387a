import type { DuckDBInstance } from "@duckdb/node-api";
import type { OpenOptions } from "../adapter.ts";
import { pause } from "../pause.ts";
import { SqlError } from "../sql-error.ts";
import { lockConflictOf, openError } from "./errors.ts";

const FIRST_PAUSE_MS = 20;
/** Short enough that a waiting process notices a freed file soon, long enough to cost nothing. */
const LONGEST_PAUSE_MS = 250;
const REPORT_EVERY_MS = 10_000;

/** Commands that touch no database never pay for loading the binding. */
export const loadDuckDb = (): Promise<typeof import("@duckdb/node-api")> => import("@duckdb/node-api");

const seconds = (milliseconds: number): string => `${Math.round(milliseconds / 1000)} s`;

/** Repeats what another process's lock refuses, until it goes or `waitMs` is over. */
export const whileLocked = async <T>(
  file: string,
  options: OpenOptions,
  attempt: () => Promise<T>,
): Promise<T> => {
  const start = performance.now();
  let pauseMs = FIRST_PAUSE_MS;
  let reportAt = 0;
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      const conflict = lockConflictOf(thrown);
      if (conflict === undefined) throw thrown;
      const waitedMs = performance.now() - start;
      if (waitedMs >= options.waitMs) throw stillHeld(file, conflict.holder, waitedMs, thrown);
      if (waitedMs >= reportAt) {
        reportAt = waitedMs + REPORT_EVERY_MS;
        const message = `waiting for '${file}', held by ${conflict.holder}`;
        options.onWaiting?.({ message, file, holder: conflict.holder, waitedMs: Math.round(waitedMs) });
      }
      // Jitter keeps several waiting processes from knocking in step.
      await pause(Math.min(pauseMs, options.waitMs - waitedMs) * (0.75 + Math.random() / 2), options.signal);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5);
    }
  }
};

const stillHeld = (file: string, holder: string, waitedMs: number, cause: unknown): SqlError =>
  new SqlError(
    "busy",
    `the DuckDB database '${file}' is still held by ${holder} after ${seconds(waitedMs)}`,
    {
      file,
      hint: "end that process, or set ROCKY_LOCK_WAIT_SECONDS to wait longer",
      cause,
    },
  );

/** Opens a file; while another process has it, tries again until `waitMs` is over. */
export const openWaiting = async (file: string, options: OpenOptions): Promise<DuckDBInstance> => {
  const { DuckDBInstance } = await loadDuckDb();
  const settings: Record<string, string> = options.mode === "read" ? { access_mode: "READ_ONLY" } : {};
  return whileLocked(file, options, async () => {
    try {
      return await DuckDBInstance.create(file, settings);
    } catch (thrown) {
      throw lockConflictOf(thrown) === undefined ? openError(file, thrown) : thrown;
    }
  });
};
