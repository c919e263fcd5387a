import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../tools/processes.ts";
import type { Host, LoggedEvent } from "./host.ts";
import type { Verdicts } from "../verdicts.ts";

const CHAIN = ["link_1", "link_2", "link_3", "link_4"];
/** From the start of a worker's process to its end, about. */
const LIFE_MS = 1100;

const stepsThat = (type: string, events: readonly LoggedEvent[]): string[] =>
  events.flatMap((event) => (event.type === type && event.step !== null ? [event.step] : [])).sort();

/**
 * Ends workers at moments all over their lives. The run monitor must find them, and a re-execution from failure
 * must do what is left, and nothing twice.
 */
export async function killWorkers(host: Host, count: number, verdicts: Verdicts): Promise<void> {
  const killed: string[] = [];
  for (let number = 0; number < count; number++) {
    const run = await host.launch(CHAIN);
    await sleep((LIFE_MS * (number + Math.random())) / count);
    await host.ask("kill", { run });
    await host.ask("gone", { run });
    killed.push(run);
  }
  // Runs whose worker never came to life are found by their age.
  await sleep(1100);
  await host.ask("monitor");
  const again: { readonly parent: string; readonly run: string }[] = [];
  for (const run of killed) {
    const status = await host.ask("status", { run });
    const events = await host.ask("events", { run });
    const isDone = stepsThat("STEP_SUCCESS", events).length === CHAIN.length;
    verdicts.holds("killed: status", status === "FAILURE" || (status === "SUCCESS" && isDone), {
      status,
      events,
    });
    if (status === "FAILURE" && !isDone)
      again.push({ parent: run, run: await host.ask("reexecute", { run }) });
  }
  for (const { parent, run } of again) {
    verdicts.equal("re-executed: status", "SUCCESS", await host.ask("wait", { run }));
    const [before, after] = [await host.ask("events", { run: parent }), await host.ask("events", { run })];
    const done = (type: string): string[] => [...stepsThat(type, before), ...stepsThat(type, after)].sort();
    verdicts.equal("re-executed: each step succeeded once", CHAIN, done("STEP_SUCCESS"));
    const made = new Set(done("ASSET_MATERIALIZATION"));
    verdicts.equal("re-executed: each asset is made", CHAIN, [...made]);
  }
}

/** The same with a polite signal: the worker itself says how its run ended. */
export async function terminateWorkers(host: Host, count: number, verdicts: Verdicts): Promise<void> {
  for (let number = 0; number < count; number++) {
    const isAsked = number % 2 === 0;
    const run = await host.launch(CHAIN);
    await sleep((LIFE_MS * (number + Math.random())) / count);
    if (isAsked) await host.ask("terminate", { run });
    else await host.ask("kill", { run, name: "SIGTERM" });
    const code = await host.ask("gone", { run });
    // Before Node has come to our code, its own answer to the signal is to end.
    if (code === -15) await sleep(1100);
    if (code === -15 && !isAsked) await host.ask("monitor");
    const status = await host.ask("status", { run });
    const events = await host.ask("events", { run });
    const succeeded = stepsThat("STEP_SUCCESS", events).length === CHAIN.length;
    const good = isAsked
      ? status === "CANCELED" ||
        (code === -15 && status === "CANCELING") ||
        // The request came when the run was over: the host's own writing of it does not look.
        (succeeded && code === 0 && ["SUCCESS", "CANCELING"].includes(status))
      : status === "FAILURE" || (succeeded && status === "SUCCESS");
    verdicts.holds(`terminated, ${isAsked ? "asked for" : "out of the blue"}: status`, good, {
      code,
      status,
      events,
    });
    const begun = stepsThat("STEP_START", events);
    const ended = [...stepsThat("STEP_SUCCESS", events), ...stepsThat("STEP_FAILURE", events)].sort();
    verdicts.equal("terminated: each step that began has an end", begun, ended);
  }
}

/** Kills a worker again and again; the run monitor starts another, which goes on where the last one was. */
export async function resumeRuns(host: Host, verdicts: Verdicts): Promise<void> {
  for (const signal of ["SIGKILL", "SIGTERM"]) {
    const run = await host.launch([...CHAIN, "steady"]);
    for (let resumes = 0; resumes < 2; resumes++) {
      // Not before it has begun something: a run that never started is not resumed.
      const beginning = resumes === 0 ? "STEP_START" : "STEP_RESTARTED";
      const begun = async (): Promise<string | undefined> =>
        stepsThat(beginning, await host.ask("events", { run }))[0];
      await waitFor(`${beginning} of run ${run}`, 60, begun, 50);
      await sleep(120);
      await host.ask("kill", { run, name: signal });
      await host.ask("gone", { run });
      await host.ask("monitor");
    }
    verdicts.equal(`resumed after ${signal}: status`, "SUCCESS", await host.ask("wait", { run }));
    const events = await host.ask("events", { run });
    const count = (text: string): number => events.filter(({ message }) => message.startsWith(text)).length;
    verdicts.equal(`resumed after ${signal}: started once`, 1, count("Started execution of run for"));
    verdicts.equal(`resumed after ${signal}: first worker`, 1, count("Started process for run"));
    verdicts.equal(`resumed after ${signal}: further workers`, 2, count("Started process for resuming job"));
    verdicts.equal(
      `resumed after ${signal}: each step succeeded once`,
      [...CHAIN, "steady"],
      stepsThat("STEP_SUCCESS", events),
    );
    verdicts.equal(
      `resumed after ${signal}: the worker leaves the run to the next`,
      signal === "SIGTERM" ? 2 : 0,
      count(
        "Execution was interrupted unexpectedly. No user initiated termination request was found, not treating",
      ),
    );
  }
}
