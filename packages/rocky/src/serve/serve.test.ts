import { request } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { publishedProblems } from "../output/published-schemas.ts";
import { createTempProject, type TempProject, transformationToml } from "../run/fixture.ts";

let project: TempProject;
let stop: AbortController;
let served: Promise<unknown>;
let base: string;

const start = async (...flags: readonly string[]): Promise<void> => {
  stop = new AbortController();
  served = project.invoke(["serve", "--port", "0", ...flags], stop.signal);
  for (
    let attempt = 0;
    attempt < 500 && !project.events.some((event) => event.fields?.event === "serving");
    attempt += 1
  ) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const port = project.events.find((event) => event.fields?.event === "serving")?.fields?.port;
  base = `http://127.0.0.1:${port}/api/v1`;
};
const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${base}/${path}`, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

beforeEach(() => {
  project = createTempProject({
    "rocky.toml": transformationToml,
    "models/_defaults.toml": '[target]\ncatalog = "w"\nschema = "main"\n',
    "models/a.sql": "SELECT 1 AS x",
    "models/a.toml": "",
    "models/b.sql": "SELECT x FROM a",
    "models/b.toml": "",
  });
});
afterEach(async () => {
  stop.abort();
  await served;
  project[Symbol.dispose]();
});

test("answers what the commands print", async () => {
  await start();
  expect((await get("health")).body).toMatchObject({ status: "ok" });
  expect((await get("compile")).body).toMatchObject({ command: "compile", models: 2 });
  expect((await get("models/b/lineage")).body).toMatchObject({ model: "b", upstream: ["a"] });
  expect((await get("models/b/lineage/x")).body).toMatchObject({ column: "x" });
  expect((await get("models/b/metrics")).body).toMatchObject({ count: 0 });
  expect(await get("models/nope/lineage")).toMatchObject({ status: 404, body: { code: "model_not_found" } });
  expect(await get("elsewhere")).toMatchObject({ status: 404 });
  expect(await get("models/%ff/lineage")).toMatchObject({ status: 400 });
});

test("a token is asked for everywhere but at the health check", async () => {
  await start("--token", "s3cret");
  expect((await get("health")).status).toBe(200);
  expect(await get("compile")).toMatchObject({ status: 401, body: { code: "unauthorized" } });
  expect((await get("compile", { authorization: "Bearer wrong" })).status).toBe(401);
  expect((await get("compile", { authorization: "Bearer s3cret" })).status).toBe(200);
});

test("a run is a job, and one at a time", async () => {
  await start();
  const post = async (body: string) => {
    const response = await fetch(`${base}/jobs/run`, { method: "POST", body });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  for (const body of ["not json", "[1]", '{"watch": true}', '{"help": true}', '{"--all": true}'])
    expect(await post(body)).toMatchObject({ status: 400, body: { code: "bad_request" } });
  const long = JSON.stringify({ filter: "x".repeat(100_000) });
  expect(await post(long)).toMatchObject({
    status: 413,
    body: { message: expect.stringContaining("65536") },
  });
  const [first, second] = await Promise.all([post("{}"), post('{"model": "a"}')]);
  expect([first.status, second.status].sort()).toEqual([202, 409]);
  const id = String((first.status === 202 ? first : second).body.job_id);
  let job = (await get(`jobs/${id}`)).body;
  while (job.state === "queued" || job.state === "running") {
    await new Promise((resolve) => setTimeout(resolve, 20));
    job = (await get(`jobs/${id}`)).body;
  }
  expect(job).toMatchObject({ state: "succeeded", result: { status: "Success" } });
  expect(publishedProblems("job_status", job)).toEqual([]);
  expect(publishedProblems("error_envelope", (first.status === 202 ? second : first).body)).toEqual([]);
});

test("without a token, pages of other sites get nothing", async () => {
  await start();
  const ask = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      request(`${base}/state`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
  expect(await ask({})).toBe(200);
  expect(await ask({ origin: "http://localhost:3000" })).toBe(200);
  expect(await ask({ origin: "https://elsewhere.example" })).toBe(403);
  expect(await ask({ host: "rebound.example" })).toBe(403);
});

test("no token, no open address", async () => {
  stop = new AbortController();
  served = Promise.resolve();
  const { exitCode, stderr } = await project.invoke(["serve", "--host", "0.0.0.0"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("needs a token");
});
