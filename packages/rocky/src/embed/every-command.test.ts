import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registry } from "../commands/registry.ts";
import { Rocky } from "../index.ts";
import { schemaProblems } from "../output/schema-problems.ts";
import { outputSchemas } from "../output/schemas/index.ts";

/** Commands without a method, and why. */
const WITHOUT_METHOD: Readonly<Record<string, string>> = {
  completions: "a script for a shell",
  init: "writes files for a person who starts a project",
  playground: "writes files for a person who tries things",
  "state schedule pause": "says that nothing here has a schedule",
  "state schedule resume": "says that nothing here has a schedule",
  "state show": "another name of `state`",
};

const methodOf = (command: string): string =>
  command.replace(/[ -]([a-z])/g, (_match, letter: string) => letter.toUpperCase());

let folder: string;
let rocky: Rocky;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rocky-every-"));
  await new Rocky({ cwd: folder }).invoke(["playground", "shop"]);
  rocky = new Rocky({ cwd: join(folder, "shop"), env: {} });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("every command", () => {
  it("has a typed method, or a reason to have none", () => {
    const methods = new Set(Object.getOwnPropertyNames(Rocky.prototype));
    const missing = Object.keys(registry).filter(
      (command) => !(command in WITHOUT_METHOD) && !methods.has(methodOf(command)),
    );
    expect(missing).toEqual([]);
    expect(Object.keys(WITHOUT_METHOD).filter((command) => !(command in registry))).toEqual([]);
  });

  it("that describes the project answers in its published shape", async () => {
    await rocky.run();
    const model = (await rocky.listModels()).models[0]?.name ?? "";
    for (const [name, output] of [
      ["catalog", await rocky.catalog()],
      ["compare", await rocky.compare()],
      ["list_adapters", await rocky.listAdapters()],
      ["list_consumers", await rocky.listConsumers(model)],
      ["list_deps", await rocky.listDeps(model)],
      ["list_models", await rocky.listModels()],
      ["list_pipelines", await rocky.listPipelines()],
      ["list_sources", await rocky.listSources()],
      ["state_clear_schema_cache", await rocky.stateClearSchemaCache()],
      ["state_retention_sweep", await rocky.stateRetentionSweep({ dryRun: true })],
    ] as const)
      expect([name, schemaProblems(outputSchemas[name].json, output)]).toEqual([name, []]);
  });

  it("that prints text gives text, or throws", async () => {
    expect(await rocky.emitSql()).toContain("CREATE OR REPLACE");
    await expect(rocky.emitSql({ model: "nothing" })).rejects.toMatchObject({ code: "unknown_name" });
    await expect(rocky.lineageDiff("HEAD")).rejects.toThrow();
  });

  it("serve answers until its signal stops it", async () => {
    const stop = new AbortController();
    let status = 0;
    await rocky.serve(
      { port: 0 },
      {
        signal: stop.signal,
        onEvent: ({ fields }) => {
          if (fields?.event !== "serving") return;
          void fetch(`http://127.0.0.1:${String(fields.port)}/api/v1/health`)
            .then((response) => {
              status = response.status;
            })
            .finally(() => stop.abort());
        },
      },
    );
    expect(status).toBe(200);
  });
});
