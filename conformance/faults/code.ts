import type { Host } from "./host.ts";
import type { Verdicts } from "../verdicts.ts";

/** Each asset that fails in its own way, and what the failure of its step says. */
const STEP_FAILURES: readonly (readonly [asset: string, says: string])[] = [
  ["circular", "metadata `value`"],
  ["function", "metadata `value` is a function"],
  ["strange", "metadata must be an object"],
  ["nonsense", "which is no event"],
  ["rejects", "nobody waits for this"],
  ["throws_later", "thrown past everyone"],
];

/** User code that fails where nothing can be caught, gives what cannot be written, or writes too much. */
export async function codeFaults(host: Host, verdicts: Verdicts): Promise<void> {
  for (const [asset, says] of STEP_FAILURES) {
    const run = await host.launch([asset]);
    verdicts.equal(`${asset}: exit code`, 1, await host.ask("gone", { run }));
    verdicts.equal(`${asset}: status`, "FAILURE", await host.ask("status", { run }));
    const events = await host.ask("events", { run });
    const failure = events.find(({ type }) => type === "STEP_FAILURE");
    verdicts.holds(`${asset}: the step says why`, failure?.error.includes(says) === true, failure);
    const last = events.find(({ type }) => type === "PIPELINE_FAILURE");
    verdicts.holds(`${asset}: the run says why`, last?.error.includes(says) === true, last);
    verdicts.equal(
      `${asset}: nothing is made`,
      0,
      events.filter(({ type }) => type === "ASSET_MATERIALIZATION").length,
    );
  }
  const loud = await host.launch(["loud"]);
  await host.ask("gone", { run: loud, seconds: 60 });
  const counts = await host.ask("count", { run: loud });
  verdicts.equal("loud: status", "SUCCESS", await host.ask("status", { run: loud }));
  verdicts.equal("loud: every line is there", 30_000, counts.LOG);
  verdicts.equal(
    "loud: everything printed is captured",
    64 * 1024 * 1024,
    await host.ask("captured", { run: loud }),
  );
}

/** Ways in which launchers hand over arguments, and what comes of arguments that are none. */
export async function argumentForms(host: Host, verdicts: Verdicts): Promise<void> {
  for (const form of ["variable", "packed", "packed variable"]) {
    const run = await host.launch(["link_1"], { form });
    verdicts.equal(`arguments as ${form}: exit code`, 0, await host.ask("gone", { run }));
    verdicts.equal(`arguments as ${form}: status`, "SUCCESS", await host.ask("status", { run }));
  }
  const malformed: readonly (readonly [args: string, says: RegExp])[] = [
    ["", /expected a serialised ExecuteRunArgs/],
    ["{", /expected a serialised ExecuteRunArgs/],
    ["[1, 2]", /ExecuteRunArgs/],
    ['{"__class__": "ResumeRunArgs"}', /ExecuteRunArgs/],
    ['{"__class__": "ExecuteRunArgs", "pipeline_origin": null}', /PipelinePythonOrigin/],
  ];
  for (const [args, says] of malformed) {
    const run = await host.launch(["link_1"], { form: "given", arguments: args });
    const code = await host.ask("gone", { run });
    verdicts.holds(`malformed ${args}: exit code`, code === 1 || code === 2, code);
    const log = await host.ask("log", { run });
    verdicts.holds(`malformed ${args}: says what is wrong`, says.test(log) && !log.includes("    at "), log);
  }
}
