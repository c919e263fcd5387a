import { expect, it } from "vitest";
import { parseJson, readObject, readText } from "../wire/index.ts";
import type { LocationAnswer, LocationRequest } from "./code-location.ts";
import { wholeAnswer } from "./whole-answer.ts";

const job: LocationRequest = { kind: "job", jobName: "all" };
const answer: LocationAnswer = { isError: false, chunks: ["one ", "two"].map((text) => Buffer.from(text)) };
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

it("joins the pieces of an answer", async () => {
  const whole = await wholeAnswer(job, answer, 7);
  expect([whole.isError, text(whole.text)]).toEqual([false, "one two"]);
});

it("is the error of its request when the host could not receive it", async () => {
  const whole = await wholeAnswer(job, answer, 6);
  expect(whole.isError).toBe(true);
  const error = readObject(text(whole.text), "SerializableErrorInfo");
  expect(readText(error.message)).toMatch(/"job" has more than 6 bytes.*DAGSTER_GRPC_MAX_RX_BYTES/s);
  const plan = await wholeAnswer({ kind: "plan", args: "" }, answer, 6);
  expect(parseJson(text(plan.text))).toMatchObject({ __class__: "ExecutionPlanSnapshotErrorData" });
});
