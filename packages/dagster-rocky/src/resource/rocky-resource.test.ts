import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { planOutput, runOutput, wrote } from "../test-support/engine-output.ts";
import {
  createRecordedEngine,
  type RecordedAnswer,
  type RecordedEngine,
} from "../test-support/recorded-engine.ts";
import { chooseEngine } from "./binary.ts";
import { createRockyResource, type RockyResourceOptions } from "./create-resource.ts";
import { RockyError, toFailure } from "./errors.ts";
import type { EngineEvent } from "./transport.ts";

let engine: RecordedEngine | undefined;
const folders: string[] = [];
afterEach(() => {
  engine?.dispose();
  engine = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "resource-"));
  folders.push(made);
  return made;
};

const over = (
  answers: readonly RecordedAnswer[],
  options: RockyResourceOptions = {},
  env: NodeJS.ProcessEnv = {},
) => {
  engine = createRecordedEngine(answers);
  return createRockyResource(
    { binaryPath: engine.path, ...options },
    { projectRoot: engine.folder, env: { ...process.env, ...env } },
  );
};

const errorOf = async (call: Promise<unknown>): Promise<RockyError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof RockyError) return error;
  throw new Error(`expected a RockyError, got ${error}`);
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const soon = async (condition: () => boolean): Promise<boolean> => {
  for (let tries = 0; tries < 100; tries += 1) {
    if (condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
};

describe("exit codes and output", () => {
  test("a run's output counts although the engine failed in part", async () => {
    const rocky = over([
      { when: ["run"], json: runOutput({ materializations: [wrote(["a", "b"])] }), exitCode: 2 },
    ]);
    const run = await rocky.run({ filter: "a=b" });
    expect(run.materializations[0]?.assetKey).toEqual(["a", "b"]);
  });

  test("an error without output carries the engine's words and not its stack", async () => {
    const stderr =
      'INFO started\nError: no such pipeline\n\nCaused by:\n    0: pipeline "x"\n\nStack backtrace:\n  0: main';
    const rocky = over([{ when: ["discover"], stderr, exitCode: 1 }]);
    const error = await errorOf(rocky.discover());
    expect(error.kind).toBe("command");
    expect(error.message).toContain("rocky discover failed (exit 1): no such pipeline");
    expect(error.message).toContain('pipeline "x"');
    expect(error.message).not.toContain("backtrace");
  });

  test("output of a failed command that may not be partial is refused", async () => {
    const rocky = over([{ when: ["discover"], json: { sources: [] }, exitCode: 1 }]);
    expect((await errorOf(rocky.discover())).kind).toBe("partialFailure");
  });

  test.each([
    ["", "it is empty"],
    ["not json", "it is not JSON"],
    ['{"sources": [{"id": 3}]}', "sources[0].id: expected text, got number 3"],
  ])("output %j is an error that says why", async (stdout, reason) => {
    const error = await errorOf(over([{ when: ["discover"], stdout }]).discover());
    expect(error.kind).toBe("output");
    expect(error.message).toContain(reason);
  });
});

describe("engine process", () => {
  test("gets no Pipes variables and no deprecation notes", async () => {
    const rocky = over([{ when: ["state"], json: { watermarks: [] } }], {}, { DAGSTER_PIPES_CONTEXT: "x" });
    await rocky.state();
    const env = engine?.log().at(-1)?.env ?? {};
    expect(env.ROCKY_SUPPRESS_DEPRECATION).toBe("1");
    expect(Object.keys(env)).not.toContain("DAGSTER_PIPES_CONTEXT");
  });

  test("is stopped with all its children when the run is canceled", async () => {
    const rocky = over([{ when: ["run"], sleepMs: 60_000 }]);
    const stop = new AbortController();
    const call = errorOf(rocky.run({ filter: "a=b" }, { signal: stop.signal }));
    expect(await soon(() => (engine?.calls().length ?? 0) > 0)).toBe(true);
    const { pid = 0, child = 0 } = engine?.log().at(-1) ?? {};
    expect([isAlive(pid), isAlive(child)]).toEqual([true, true]);
    stop.abort();
    expect((await call).kind).toBe("canceled");
    expect(await soon(() => !isAlive(pid) && !isAlive(child))).toBe(true);
  });

  test("is stopped at its time limit, and a retry is refused", async () => {
    const rocky = over([{ when: ["run"], sleepMs: 60_000, stderr: "still copying" }]);
    await rocky.compile().catch(() => undefined);
    const error = await errorOf(rocky.run({}, { timeoutSeconds: 1 }));
    expect(error.kind).toBe("timeout");
    expect(error.details.stderr_tail).toContain("still copying");
    expect(toFailure(error).allowRetries).toBe(false);
  });

  test("a missing executable is named", async () => {
    const rocky = createRockyResource(
      { binaryPath: "./no/such/rocky" },
      { projectRoot: folder(), env: process.env },
    );
    const error = await errorOf(rocky.discover());
    expect(error.kind).toBe("binary");
    expect(error.message).toContain("no/such/rocky");
  });

  test("an engine that is too old is refused, and is asked once", async () => {
    const rocky = over([{ when: ["--version"], stdout: "rocky 1.20.3" }]);
    const error = await errorOf(rocky.discover());
    expect(error.kind).toBe("version");
    expect(error.details).toMatchObject({ detected_version: "1.20.3", min_version: "1.35.0" });
    await errorOf(rocky.discover());
    expect(engine?.log()).toHaveLength(1);
  });
});

describe("plan then apply", () => {
  test("an engine that stores no plan is run directly, and no plan is claimed", async () => {
    const rocky = over([
      { when: ["plan"], json: { ...planOutput("x"), plan_id: null } },
      { when: ["run"], json: runOutput({}) },
    ]);
    const events: EngineEvent[] = [];
    const report = await rocky.runStreaming({ filter: "a=b" }, { onEvent: (event) => events.push(event) });
    expect(report.plan).toBeUndefined();
    expect(events.some(({ level, message }) => level === "warn" && message.includes("plan"))).toBe(true);
    expect(engine?.calls()).toEqual([
      ["plan", "--filter", "a=b"],
      ["run", "--filter", "a=b"],
    ]);
  });
});

describe("what the engine says besides its output", () => {
  test("gives the run's id, row counts and which row counts were compared", async () => {
    const line = (fields: object) => JSON.stringify({ level: "INFO", message: "x", fields });
    const stderr = [
      line({ event: "run_started", run_id: "run-7" }),
      line({ event: "table_finished", asset_key: "duckdb/eu/orders", rows: 3 }),
      line({ event: "model_finished", asset_key: "shop/mart/days", rows: 2, partition: "2025-05-01" }),
      line({ event: "table_started", asset_key: "duckdb/eu/visits", rows: 9 }),
      line({ event: "anomaly_checked", table: "shop.eu.orders", is_anomaly: false, samples: 1, needed: 3 }),
      line({ event: "anomaly_checked", table: "shop.eu.visits", is_anomaly: true, samples: 5, needed: 3 }),
    ].join("\n");
    const rocky = over([{ when: ["run"], json: runOutput({}), stderr }]);
    const { heard } = await rocky.runModel({ model: "m" });
    expect(heard?.runId).toBe("run-7");
    expect([...(heard?.rows ?? [])]).toEqual([
      ["duckdb/eu/orders", 3],
      ["shop/mart/days@2025-05-01", 2],
    ]);
    expect(heard?.anomalyChecks).toEqual([
      { table: "shop.eu.orders", status: "no anomaly: what is usual shows after 3 runs, this is run 2" },
    ]);
  });
});

describe("locks", () => {
  test("a call that met a lock is repeated, visibly, until the lock is gone", async () => {
    const stderr =
      'Error: IO Error: Could not set lock on file "shop.duckdb": Conflicting lock is held (PID 7)';
    const rocky = over([
      { when: ["plan"], json: planOutput("ab".repeat(32)) },
      { when: ["apply"], stderr, exitCode: 1, times: 2 },
      { when: ["apply"], json: runOutput({ materializations: [wrote(["a"])] }) },
    ]);
    const events: EngineEvent[] = [];
    const report = await rocky.runStreaming({ filter: "a=b" }, { onEvent: (event) => events.push(event) });
    expect(report.run.materializations).toHaveLength(1);
    expect(events.filter(({ message }) => message.startsWith("Waiting for another process"))).toHaveLength(1);
  });
});

describe("values from the project's functions", () => {
  test("fill in what the caller left open and never override it", async () => {
    const seen: unknown[] = [];
    const rocky = over([{ when: ["run"], json: runOutput({}) }], {
      shadowSuffixFn: (context) => {
        seen.push([context.method, context.filter, Object.isFrozen(context)]);
        return "_pr_7";
      },
      governanceOverrideFn: () => ({ workspace_ids: [], allow_empty_workspace_ids: true }),
      idempotencyKeyFn: () => "nightly",
    });
    await rocky.run({ filter: "a=b", idempotencyKey: "mine" });
    await rocky.runModel({ model: "m", pipeline: "p" });
    expect(seen).toEqual([
      ["run", "a=b", true],
      ["runModel", "", true],
    ]);
    expect(engine?.calls()).toEqual([
      [
        ..."run --filter a=b --governance-override".split(" "),
        '{"workspace_ids":[]}',
        ..."--shadow --shadow-suffix _pr_7 --idempotency-key mine".split(" "),
      ],
      [
        ..."run --model m --pipeline p --governance-override".split(" "),
        '{"workspace_ids":[]}',
        ..."--shadow --shadow-suffix _pr_7 --idempotency-key nightly:m".split(" "),
      ],
    ]);
  });

  test("an override that would unbind every workspace is refused before the engine is called", async () => {
    const rocky = over([], { governanceOverrideFn: () => ({ workspace_ids: [] }) });
    const error = await errorOf(rocky.run());
    expect(error.message).toContain("allow_empty_workspace_ids");
    expect(engine?.calls()).toEqual([]);
  });

  test("a function that throws is named", async () => {
    const rocky = over([], {
      shadowSuffixFn: function branchSuffix() {
        throw new Error("no branch");
      },
    });
    expect((await errorOf(rocky.run())).message).toBe(
      "resolver branchSuffix for shadow_suffix failed: no branch",
    );
  });
});

describe("secrets", () => {
  test("stay out of errors, events and results", async () => {
    const rocky = over(
      [
        {
          when: ["discover"],
          stderr: "Error: login with hunter2-hunter2 failed for key-from-env",
          exitCode: 1,
        },
        {
          when: ["doctor"],
          json: {
            overall: "critical",
            checks: [{ name: "auth", status: "critical", message: "bad hunter2-hunter2" }],
          },
        },
      ],
      {},
      { LAKE_KEY: "key-from-env", SHOP_PASSWORD: "hunter2-hunter2" },
    );
    writeFileSync(
      join(engine?.folder ?? "", "rocky.toml"),
      '[adapter]\ntype = "duckdb"\nhidden = "$' + '{LAKE_KEY}"\n',
    );
    const events: EngineEvent[] = [];
    const error = await errorOf(rocky.discover({}, { onEvent: (event) => events.push(event) }));
    const doctor = await rocky.doctor();
    const everything = JSON.stringify([error.message, error.details, events, doctor]);
    expect(everything).not.toMatch(/hunter2|key-from-env/);
    expect(everything).toContain("***");
  });

  test("private flags are hidden in the command line that is logged", async () => {
    const rocky = over([{ when: ["run"], json: runOutput({}) }]);
    const events: EngineEvent[] = [];
    await rocky.run({ idempotencyKey: "abc-123" }, { onEvent: (event) => events.push(event) });
    expect(events.map(({ message }) => message)).toContain("rocky run --idempotency-key ***");
  });
});

describe("which engine", () => {
  const executable = (path: string): void => writeFileSync(path, "#!/bin/sh\n", { mode: 0o755 });

  test("the default name without anything on PATH is the embedded engine", () => {
    expect(chooseEngine("rocky", { PATH: folder() }, folder())).toMatchObject({ kind: "embedded" });
  });

  test("our own launcher on PATH is not run as a subprocess, another rocky behind it is", () => {
    const root = folder();
    const [bin, own, other] = ["bin", "own", "other"].map((name) => join(root, name));
    if (bin === undefined || own === undefined || other === undefined) throw new Error("unreachable");
    for (const made of [bin, own, other, join(own, "dist")]) mkdirSync(made);
    writeFileSync(join(own, "package.json"), '{"name": "@dagster-rocky/rocky"}');
    writeFileSync(join(own, "dist", "package.json"), '{"type": "module"}');
    executable(join(own, "dist", "rocky.js"));
    symlinkSync(join(own, "dist", "rocky.js"), join(bin, "rocky"));
    const only = chooseEngine("rocky", { PATH: bin }, root);
    expect(only).toMatchObject({ kind: "embedded", reason: expect.stringContaining("own launcher") });
    executable(join(other, "rocky"));
    expect(chooseEngine("rocky", { PATH: `${bin}:${other}` }, root)).toEqual({
      kind: "cli",
      path: join(other, "rocky"),
    });
  });

  test("another name that is missing is an error", () => {
    expect(() => chooseEngine("rocky-beta", { PATH: folder() }, folder())).toThrow(
      /"rocky-beta" \(binary_path\) was not found on PATH/,
    );
  });
});

describe("server_url", () => {
  test("answers compile with the token of the environment, and the local engine the rest", async () => {
    const requests: (string | undefined)[][] = [];
    const server = createServer((request, response) => {
      requests.push([request.url, request.headers.authorization]);
      response.statusCode = request.headers.authorization === "Bearer s3cret-token" ? 200 : 401;
      response.end(JSON.stringify({ has_errors: false, diagnostics: [], models_detail: [] }));
    });
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    try {
      const serverUrl = `http://127.0.0.1:${port}/`;
      const answers = [{ when: ["state"], json: { watermarks: [] } }];
      const rocky = over(answers, { serverUrl }, { ROCKY_SERVER_TOKEN: "s3cret-token" });
      expect((await rocky.compile()).hasErrors).toBe(false);
      await rocky.state();
      expect(requests).toEqual([["/api/v1/compile", "Bearer s3cret-token"]]);
      expect(engine?.calls()).toEqual([["state"]]);
      expect((await errorOf(rocky.compile({ model: "m" }))).kind).toBe("argument");
      engine?.dispose();
      const refused = await errorOf(over(answers, { serverUrl }).compile());
      expect(refused.message).toContain("HTTP 401");
    } finally {
      server.close();
    }
  });
});
