import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EngineEvent } from "../commands/invocation.ts";
import { loadConfig } from "../config/index.ts";
import { memoryFiles } from "../ports.ts";
import type { HookContext } from "./context.ts";
import { createHooks } from "./hooks.ts";
import { renderTemplate } from "./template.ts";

let cwd: string;
let events: EngineEvent[];
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "rocky-hooks-"));
  events = [];
});
afterEach(() => rmSync(cwd, { recursive: true }));

const context: HookContext = {
  event: "on_pipeline_error",
  runId: "run-1",
  pipeline: "landing",
  timestamp: new Date("2025-01-01T00:00:00Z"),
  error: 'it said "no"',
  metadata: { tables: 3 },
};

const hooksOf = (toml: string) => {
  const { hooks } = loadConfig(memoryFiles({ "rocky.toml": toml }), {}, "rocky.toml");
  return createHooks(hooks, { cwd, env: process.env, emit: (event) => events.push(event) });
};

describe("commands", () => {
  it("get the context as JSON on standard input and their own variables", async () => {
    const hooks = hooksOf(
      '[hook.on_pipeline_error]\ncommand = "cat > seen.json; echo $WHO > who"\nenv = { WHO = "me" }\n',
    );
    expect(await hooks.fire(context)).toEqual({ status: "continue" });
    expect(JSON.parse(readFileSync(join(cwd, "seen.json"), "utf8"))).toEqual({
      event: "pipeline_error",
      run_id: "run-1",
      pipeline: "landing",
      timestamp: "2025-01-01T00:00:00.000Z",
      error: 'it said "no"',
      metadata: { tables: 3 },
    });
    expect(readFileSync(join(cwd, "who"), "utf8")).toBe("me\n");
  });

  it.each([
    ["abort", "abort", 1],
    ["warn", "continue", 1],
    ["ignore", "continue", 0],
  ])("that fail with on_failure = %s", async (onFailure, status, reported) => {
    const hooks = hooksOf(
      `[hook.on_pipeline_error]\ncommand = "echo broken >&2; exit 3"\non_failure = "${onFailure}"\n`,
    );
    const result = await hooks.fire(context);
    expect(result.status).toBe(status);
    expect(events).toHaveLength(reported);
    if (result.status === "abort") expect(result.reason).toContain("exit code 3: broken");
  });

  it("are killed with all they started when they take too long", async () => {
    const hooks = hooksOf('[hook.on_pipeline_error]\ncommand = "sleep 20 & sleep 20"\ntimeout_ms = 100\n');
    const start = performance.now();
    expect(await hooks.fire(context)).toEqual({ status: "continue" });
    expect(performance.now() - start).toBeLessThan(5000);
    expect(events[0]?.message).toContain("longer than 100 ms");
  });

  it("do not exist for other events", async () => {
    const hooks = hooksOf('[hook.on_pipeline_start]\ncommand = "exit 1"\non_failure = "abort"\n');
    expect(hooks.has("on_pipeline_error")).toBe(false);
    expect(await hooks.fire(context)).toEqual({ status: "no_hooks" });
  });
});

describe("webhooks", () => {
  const serve = async (statuses: readonly number[]) => {
    const requests: { body: string; headers: IncomingMessage["headers"] }[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += String(chunk);
      });
      request.on("end", () => {
        response.writeHead(statuses[requests.length] ?? 200).end();
        requests.push({ body, headers: request.headers });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/`, requests, close: () => server.close() };
  };

  it("are retried and signed", async () => {
    const server = await serve([500, 200]);
    const hooks = hooksOf(
      `[hook.webhooks.on_pipeline_error]\nurl = "${server.url}"\nsecret = "sesame-seed"\nretry_count = 1\nretry_delay_ms = 1\n`,
    );
    expect(await hooks.fire(context)).toEqual({ status: "continue" });
    server.close();
    expect(server.requests).toHaveLength(2);
    const { body, headers } = server.requests[1] ?? { body: "", headers: {} };
    expect(JSON.parse(body)).toMatchObject({ event: "pipeline_error", run_id: "run-1" });
    const digest = createHmac("sha256", "sesame-seed").update(body).digest("hex");
    expect(headers["x-rocky-signature"]).toBe(`sha256=${digest}`);
  });

  it("abort the run when they ask to", async () => {
    const server = await serve([404]);
    const hooks = hooksOf(`[hook.webhooks.on_pipeline_error]\nurl = "${server.url}"\non_failure = "abort"\n`);
    expect(await hooks.fire(context)).toMatchObject({
      status: "abort",
      reason: expect.stringContaining("404"),
    });
    server.close();
  });

  it("that are async are waited for at the end", async () => {
    const server = await serve([503]);
    const hooks = hooksOf(
      `[hook.webhooks.on_pipeline_error]\nurl = "${server.url}"\nasync = true\npreset = "slack"\n`,
    );
    expect(await hooks.fire(context)).toEqual({ status: "continue" });
    await hooks.settle();
    server.close();
    expect(events[0]?.message).toContain("503");
    expect(JSON.parse(server.requests[0]?.body ?? "")).toMatchObject({
      text: expect.stringContaining('it said "no"'),
    });
  });
});

describe("renderTemplate", () => {
  it("fills fields, metadata and conditions; unknown ones are empty", () => {
    expect(
      renderTemplate("{{event}} {{metadata.tables}}{{#if model}} of {{model}}{{/if}} [{{nope}}]", context),
    ).toBe("on_pipeline_error 3 []");
  });

  it("escapes values inside JSON", () => {
    expect(JSON.parse(renderTemplate('{"text": "{{error}}"}', context))).toEqual({ text: 'it said "no"' });
  });
});
