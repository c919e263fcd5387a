import { expect, test } from "vitest";
import type { InvocationResult } from "../commands/invocation.ts";
import { createJobs } from "./jobs.ts";

const done: InvocationResult = { exitCode: 0, stdout: "", stderr: "", payload: {} };

test("old jobs are forgotten, but never the one that is running", async () => {
  let finish: (result: InvocationResult) => void = () => undefined;
  const jobs = createJobs(([kind]) =>
    kind === "run" ? new Promise((resolve) => (finish = resolve)) : Promise.resolve(done),
  );
  const run = jobs.submit("run", ["run"]);
  const plans = Array.from({ length: 300 }, () => jobs.submit("plan", ["plan"]));
  expect(jobs.find(plans[0]?.job_id ?? "")).toBeUndefined();
  expect(jobs.find(run?.job_id ?? "")).toMatchObject({ state: "running" });
  finish(done);
  await jobs.settle();
  expect(jobs.find(run?.job_id ?? "")).toMatchObject({ state: "succeeded" });
});
