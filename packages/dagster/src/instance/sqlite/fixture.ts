import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Libsql from "libsql";
import { wire, wireEnum, writeWire, type WireValue } from "../../wire/index.ts";

/** For tests: an instance folder with the tables that Dagster makes, and what its host would have written. */
export interface FixtureInstance {
  readonly home: string;
  /** A serialised `InstanceRef`. */
  readonly ref: string;
  /** Creates the run's row and its event shard, as a host does before it starts a worker. */
  addRun(runId: string, options?: FixtureRun): void;
  rows(database: string, sql: string): Record<string, unknown>[];
  execute(database: string, sql: string): void;
  remove(): void;
}

export interface FixtureRun {
  readonly tags?: Readonly<Record<string, string>>;
  readonly status?: "STARTING" | "STARTED" | "CANCELING";
  readonly fields?: Readonly<Record<string, WireValue>>;
}

const ddl = (name: string): string =>
  readFileSync(new URL(`./fixtures/${name}.sql`, import.meta.url), "utf8");

export function createFixtureInstance(settings: Readonly<Record<string, WireValue>> = {}): FixtureInstance {
  const home = mkdtempSync(join(tmpdir(), "instance-"));
  const runs = join(home, "history");
  const events = join(runs, "runs");
  mkdirSync(events, { recursive: true });
  const create = (path: string, tables: string): void => {
    const database = new Libsql(path);
    database.exec(`PRAGMA journal_mode=WAL;\n${tables}`);
    database.close();
  };
  const open = <T>(name: string, work: (database: Libsql.Database) => T): T => {
    const database = new Libsql(name === "runs" ? join(runs, "runs.db") : join(events, `${name}.db`));
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  create(join(runs, "runs.db"), ddl("runs"));
  create(join(events, "index.db"), ddl("events"));
  return {
    home,
    ref: fixtureRef(home, settings),
    addRun: (runId, options = {}) => {
      create(join(events, `${runId}.db`), ddl("events"));
      const status = options.status ?? "STARTING";
      const body = writeWire(
        wire("PipelineRun", {
          pipeline_name: "__ASSET_JOB",
          run_id: runId,
          status: wireEnum("PipelineRunStatus", status),
          tags: options.tags ?? {},
          run_config: {},
          ...options.fields,
        }),
      );
      open("runs", (database) => {
        database
          .prepare(
            "INSERT INTO runs (run_id, pipeline_name, status, run_body) VALUES (?, '__ASSET_JOB', ?, ?)",
          )
          .run(runId, status, body);
        for (const [key, value] of Object.entries(options.tags ?? {})) {
          database
            .prepare("INSERT INTO run_tags (run_id, key, value) VALUES (?, ?, ?)")
            .run(runId, key, value);
        }
      });
    },
    rows: (database, sql) => open(database, (db) => db.prepare(sql).all() as Record<string, unknown>[]),
    execute: (database, sql) => open(database, (db) => void db.exec(sql)),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

function fixtureRef(home: string, settings: Readonly<Record<string, WireValue>>): string {
  const part = (className: string, dir: string): WireValue =>
    wire("ConfigurableClassData", {
      module_name: "dagster",
      class_name: className,
      config_yaml: `base_dir: ${join(home, dir)}\n`,
    });
  const none = part("None", "");
  return writeWire(
    wire("InstanceRef", {
      local_artifact_storage_data: part("LocalArtifactStorage", ""),
      compute_logs_data: part("LocalComputeLogManager", "storage"),
      scheduler_data: none,
      run_coordinator_data: none,
      run_launcher_data: none,
      settings,
      run_storage_data: part("SqliteRunStorage", "history"),
      event_storage_data: part("SqliteEventLogStorage", "history/runs"),
      schedule_storage_data: part("SqliteScheduleStorage", "schedules"),
    }),
  );
}
