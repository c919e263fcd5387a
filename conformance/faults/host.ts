import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

export interface LoggedEvent {
  readonly type: string;
  readonly step: string | null;
  readonly message: string;
  /** The messages of its error and of that one's causes. */
  readonly error: string;
}

/** What `host.py` can be asked, and what it answers. */
interface Answers {
  launch: string;
  reexecute: string;
  status: string;
  wait: string;
  tags: Readonly<Record<string, string>>;
  events: readonly LoggedEvent[];
  count: Readonly<Record<string, number>>;
  pid: number;
  gone: number;
  log: string;
  captured: number;
  fill: boolean;
  terminate: boolean;
  monitor: null;
  kill: null;
  lock: null;
  unlock: null;
  drain: null;
}

export interface HostOptions {
  readonly python: string;
  readonly home: string;
  /** Of the code location. */
  readonly port: number;
  /** Default: the launcher of launcher.py. `null` for the one that asks the code location to start workers. */
  readonly launcher?: null;
  readonly maxResumeAttempts?: number;
  /** A command that the host runs under. */
  readonly prefix?: readonly string[];
  readonly settings?: string;
}

/** One Python process with an instance of its own. */
export class Host {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null) throw new Error("the host has no output");
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  static async start(options: HostOptions): Promise<Host> {
    const { home, python, port, prefix = [] } = options;
    mkdirSync(home, { recursive: true });
    const launcher =
      options.launcher === null ? "" : "run_launcher: { module: launcher, class: ProcessLauncher }\n";
    const monitoring =
      options.launcher === null
        ? ""
        : `run_monitoring: { enabled: true, start_timeout_seconds: 1, max_resume_run_attempts: ${options.maxResumeAttempts ?? 0} }\n`;
    const config = `telemetry: { enabled: false }\nrun_coordinator: { module: dagster._core.run_coordinator, class: DefaultRunCoordinator }\n${launcher}${monitoring}${options.settings ?? ""}`;
    const [command = python, ...args] = [
      ...prefix,
      python,
      "-W",
      "ignore",
      join(here, "host.py"),
      String(port),
    ];
    const child = spawn(command, args, {
      env: { ...process.env, DAGSTER_HOME: home, PYTHONPATH: here, DAGSTER_YAML: config },
      stdio: ["pipe", "pipe", openSync(`${home}.log`, "a")],
    });
    if (prefix.length === 0) writeFileSync(join(home, "dagster.yaml"), config);
    const host = new Host(child);
    // It may end while it is asked something; the answer that does not come says so.
    child.stdin?.on("error", () => undefined);
    const hello = await host.#answers.next();
    if (hello.done === true) throw new Error(`the host did not start; see ${home}.log`);
    return host;
  }

  ask<K extends keyof Answers>(name: K, args: object = {}): Promise<Answers[K]> {
    const answer = this.#turn.then(async () => {
      this.#child.stdin?.write(`${JSON.stringify({ name, args })}\n`);
      const line = await this.#answers.next();
      if (line.done === true) throw new Error(`the host ended at ${name}`);
      const { value, error } = JSON.parse(line.value) as { value: Answers[K]; error?: string };
      if (error !== undefined) throw new Error(`${name}: ${error}`);
      return value;
    });
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  /** Launches a run of these assets, and gives its id. */
  launch(assets: readonly string[], tags: Readonly<Record<string, string>> = {}): Promise<string> {
    return this.ask("launch", { assets, tags });
  }

  stop(signal: NodeJS.Signals = "SIGTERM"): void {
    this.#child.kill(signal);
  }
}
