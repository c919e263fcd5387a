import { randomUUID } from "node:crypto";
import type { InvocationResult } from "../commands/invocation.ts";
import type { JobKind } from "./routes.ts";

export type JobState = "queued" | "running" | "succeeded" | "failed";

/** A run, plan or apply that was asked for over HTTP; the shape is that of the recorded job status. */
export interface JobStatus {
  readonly job_id: string;
  readonly kind: JobKind;
  readonly state: JobState;
  readonly submitted_at: string;
  readonly started_at?: string;
  readonly finished_at?: string;
  readonly result?: unknown;
  readonly error?: string;
}

export interface Jobs {
  /** Undefined while another job that changes the warehouse is running. */
  readonly submit: (kind: JobKind, argv: readonly string[]) => JobStatus | undefined;
  readonly find: (id: string) => JobStatus | undefined;
  readonly running: () => string | undefined;
  /** Waits for what is running. */
  readonly settle: () => Promise<void>;
}

/** Finished jobs are kept for whoever asks, but not for ever. */
const KEPT = 200;

export const createJobs = (invoke: (argv: readonly string[]) => Promise<InvocationResult>): Jobs => {
  const jobs = new Map<string, JobStatus>();
  let active: { readonly id: string; readonly done: Promise<void> } | undefined;

  const update = (id: string, change: Partial<JobStatus>): void => {
    const known = jobs.get(id);
    if (known !== undefined) jobs.set(id, { ...known, ...change });
  };
  const work = async (id: string, argv: readonly string[]): Promise<void> => {
    update(id, { state: "running", started_at: new Date().toISOString() });
    const { exitCode, payload, stderr } = await invoke(argv);
    update(id, {
      state: exitCode === 0 ? "succeeded" : "failed",
      finished_at: new Date().toISOString(),
      ...(payload === undefined ? {} : { result: payload }),
      ...(exitCode === 0 ? {} : { error: stderr === "" ? `exit code ${exitCode}` : stderr }),
    });
  };

  return {
    submit: (kind, argv) => {
      if (active !== undefined && kind !== "plan") return undefined;
      const id = randomUUID();
      const job: JobStatus = { job_id: id, kind, state: "queued", submitted_at: new Date().toISOString() };
      jobs.set(id, job);
      for (const old of jobs.keys()) {
        if (jobs.size <= KEPT) break;
        // Who waits for what is running must still find it.
        if (old !== active?.id) jobs.delete(old);
      }
      const done = work(id, argv).finally(() => {
        if (active?.id === id) active = undefined;
      });
      if (kind !== "plan") active = { id, done };
      return job;
    },
    find: (id) => jobs.get(id),
    running: () => active?.id,
    settle: async () => active?.done,
  };
};
