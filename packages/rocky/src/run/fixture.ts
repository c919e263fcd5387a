import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { SqlRow } from "../adapters/adapter.ts";
import { createDuckDbAdapter } from "../adapters/duckdb/duckdb-adapter.ts";
import type { EngineEvent, InvocationResult } from "../commands/invocation.ts";
import { invoke } from "../commands/invoke.ts";
import type { RunOutput } from "./output.ts";

/** A project in a temporary folder, for tests that run the real engine on a real database file. */
export interface TempProject extends Disposable {
  readonly cwd: string;
  readonly database: string;
  readonly events: EngineEvent[];
  readonly write: (files: Readonly<Record<string, string>>) => void;
  /** Statements against the database, the rows of the last one. */
  readonly sql: (...statements: readonly string[]) => Promise<readonly SqlRow[]>;
  readonly invoke: (argv: readonly string[], signal?: AbortSignal) => Promise<InvocationResult>;
  /** `rocky run …`; fails the test when it printed no payload. */
  readonly run: (
    ...argv: readonly string[]
  ) => Promise<{ readonly output: RunOutput; readonly exitCode: number }>;
}

export const createTempProject = (files: Readonly<Record<string, string>>): TempProject => {
  const cwd = mkdtempSync(join(tmpdir(), "rocky-project-"));
  const database = join(cwd, "w.duckdb");
  const events: EngineEvent[] = [];
  const write = (more: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(more)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
  };
  const invokeHere: TempProject["invoke"] = (argv, signal) =>
    invoke(argv, {
      cwd,
      env: {},
      onEvent: (event) => events.push(event),
      ...(signal === undefined ? {} : { signal }),
    });
  write(files);
  return {
    cwd,
    database,
    events,
    write,
    sql: async (...statements) => {
      await using session = await createDuckDbAdapter({ name: "default", path: database }).open({
        mode: "write",
        waitMs: 10_000,
      });
      let rows: readonly SqlRow[] = [];
      for (const statement of statements) rows = await session.query(statement);
      return rows;
    },
    invoke: invokeHere,
    run: async (...argv) => {
      const { payload, exitCode, stderr } = await invokeHere(["run", ...argv]);
      if (payload === undefined) throw new Error(`run printed nothing: ${stderr}`);
      return { output: payload as RunOutput, exitCode };
    },
    [Symbol.dispose]: () => rmSync(cwd, { recursive: true, force: true }),
  };
};

/** A replication of `raw__*` into `copy_*`; `extra` goes into `[pipeline.p]`, `tables` after it. */
export const replicationToml = (extra: string, tables = ""): string => `
[adapter]
type = "duckdb"
path = "w.duckdb"

[pipeline.p]
${extra}

[pipeline.p.source.schema_pattern]
prefix = "raw__"
separator = "__"
components = ["source"]

[pipeline.p.target]
catalog_template = "w"
schema_template = "copy_{source}"

[pipeline.p.target.governance]
auto_create_schemas = true

${tables}
`;

export const transformationToml = `
[adapter]
type = "duckdb"
path = "w.duckdb"

[pipeline.t]
type = "transformation"

[pipeline.t.target]
adapter = "default"

[pipeline.t.target.governance]
auto_create_schemas = true
`;
