import type { LedgerEntry, RunLedger } from "./run-ledger.ts";
import { identify, isRunning } from "./process-identity.ts";
import { killRunProcesses, terminate } from "./run-processes.ts";

/** A worker process as the supervisor sees it. */
export interface WorkerProcess {
  readonly pid: number;
  /** Resolves when the worker took the run over; rejects when it could not. */
  readonly ready: Promise<void>;
  /** Resolves with a description of how the process ended. */
  readonly ended: Promise<string>;
  /** Called with the leader of each process group that the worker starts. */
  onGroup(listener: (leader: number) => void): void;
}

export interface RunToStart {
  readonly runId: string;
  /** Serialised `InstanceRef`. */
  readonly instanceRef: string;
  /** Serialised arguments, as the host sent them. */
  readonly args: string;
}

export interface SupervisorOptions {
  readonly ledger: RunLedger;
  readonly startWorker: (run: RunToStart) => WorkerProcess;
  /** Writes the final events of a run whose worker ended without doing so; nothing if it did. */
  readonly reportDeadRun: (
    run: { readonly runId: string; readonly instanceRef: string },
    how: string,
  ) => Promise<void>;
  readonly log: (message: string) => void;
  /** Milliseconds between the polite and the hard end of a canceled run. */
  readonly killAfterMs?: number;
}

type RunPhase = "running" | "canceling";

interface ActiveRun {
  readonly entry: LedgerEntry;
  phase: RunPhase;
  groups: number[];
  readonly finished: Promise<void>;
}

const KILL_AFTER_MS = 8_000;
const POLL_MS = 1_000;
const REPORT_ATTEMPTS = 30;
const REPORT_PAUSE_MS = 2_000;
const LONGEST_REPORT_PAUSE_MS = 30_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts run workers, and sees to it that each run ends with a true status and leaves no process behind. */
export class RunSupervisor {
  readonly #options: SupervisorOptions;
  readonly #runs = new Map<string, ActiveRun>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Takes over the runs that an earlier server of this project left behind. */
  async adopt(): Promise<void> {
    for (const entry of await this.#options.ledger.entries()) {
      if (this.#runs.has(entry.runId) || isRunning(entry.server)) continue;
      this.#watch(entry, this.#untilGone(entry));
    }
  }

  currentRuns(): readonly string[] {
    return [...this.#runs.keys()];
  }

  canCancel(runId: string): boolean {
    return this.#runs.get(runId)?.phase === "running";
  }

  /** Starts a worker and resolves when it has taken the run over. */
  async start(run: RunToStart): Promise<void> {
    const worker = this.#options.startWorker(run);
    const { runId, instanceRef } = run;
    const entry: LedgerEntry = {
      runId,
      worker: identify(worker.pid),
      server: identify(process.pid),
      instanceRef,
      groups: [],
    };
    await this.#options.ledger.record(entry);
    const active = this.#watch(entry, worker.ended);
    worker.onGroup((leader) => {
      active.groups.push(leader);
      const { groups } = active;
      void this.#options.ledger.record({ ...entry, groups: [...groups] });
    });
    await worker.ready;
  }

  /** Asks the worker to end; false when the run is not active here. */
  cancel(runId: string): boolean {
    const run = this.#runs.get(runId);
    if (run === undefined) return false;
    run.phase = "canceling";
    terminate(run.entry.worker.pid);
    const timer = setTimeout(() => void this.#kill(run), this.#options.killAfterMs ?? KILL_AFTER_MS);
    void run.finished.finally(() => clearTimeout(timer));
    return true;
  }

  /** Resolves when no run is active. */
  async idle(): Promise<void> {
    while (this.#runs.size > 0) await Promise.all([...this.#runs.values()].map((run) => run.finished));
  }

  /** Ends every run, as a server does that is told to stop at once. */
  async cancelAll(): Promise<void> {
    for (const runId of this.currentRuns()) this.cancel(runId);
    await this.idle();
  }

  #kill({ entry, groups }: ActiveRun): Promise<void> {
    return killRunProcesses(entry.runId, [entry.worker.pid, ...entry.groups, ...groups]);
  }

  #watch(entry: LedgerEntry, ended: Promise<string>): ActiveRun {
    const finished = ended.then((how) => this.#finish(entry, how));
    const run: ActiveRun = { entry, phase: "running", groups: [], finished };
    this.#runs.set(entry.runId, run);
    return run;
  }

  async #finish(entry: LedgerEntry, how: string): Promise<void> {
    const run = this.#runs.get(entry.runId);
    // An engine that outlives its worker would go on writing tables of a run that is reported as ended.
    if (run !== undefined) await this.#kill(run);
    const isReported = await this.#report(entry, how);
    if (isReported) await this.#options.ledger.forget(entry.runId);
    this.#runs.delete(entry.runId);
  }

  /** A database may be away for a moment; the ledger keeps the run for a later server if it stays away. */
  async #report(entry: LedgerEntry, how: string): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#options.reportDeadRun(entry, how);
        return true;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#options.log(`could not report the end of run ${entry.runId}: ${reason}`);
        if (attempt >= REPORT_ATTEMPTS) return false;
        await sleep(Math.min(LONGEST_REPORT_PAUSE_MS, REPORT_PAUSE_MS * attempt));
      }
    }
  }

  async #untilGone(entry: LedgerEntry): Promise<string> {
    while (isRunning(entry.worker)) await sleep(POLL_MS);
    return `process ${entry.worker.pid} ended while no server watched it`;
  }
}
