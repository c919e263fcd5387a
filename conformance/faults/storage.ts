import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../tools/processes.ts";
import { Host, type HostOptions } from "./host.ts";
import type { Verdicts } from "../verdicts.ts";

const OBSERVATIONS = 100;

/** Until the run has written some of its events. */
export async function underWay(host: Host, run: string): Promise<void> {
  const begun = async (): Promise<true | undefined> =>
    ((await host.ask("count", { run })).ASSET_OBSERVATION ?? 0) < 5 ? undefined : true;
  await waitFor(`events of run ${run}`, 60, begun, 50);
}

export async function complete(host: Host, what: string, run: string, verdicts: Verdicts): Promise<void> {
  verdicts.equal(`${what}: status`, "SUCCESS", await host.ask("wait", { run, seconds: 120 }));
  const counts = await host.ask("count", { run });
  verdicts.equal(
    `${what}: every event is there once`,
    [OBSERVATIONS, 1],
    [counts.ASSET_OBSERVATION, counts.ASSET_MATERIALIZATION],
  );
}

/** Another program holds the write locks of all databases for this long, in the middle of a run. */
export async function lockedDatabase(host: Host, seconds: number, verdicts: Verdicts): Promise<void> {
  const run = await host.launch(["steady"]);
  await underWay(host, run);
  await host.ask("lock", { run });
  await sleep(seconds * 1000);
  verdicts.equal(`locked for ${seconds} s: the run goes on`, "STARTED", await host.ask("status", { run }));
  await host.ask("unlock");
  await complete(host, `locked for ${seconds} s`, run, verdicts);
}

/** The disk under the instance fills up in the middle of a run, and has room again later. */
export async function fullDisk(options: Omit<HostOptions, "prefix">, verdicts: Verdicts): Promise<void> {
  if (spawnSync("unshare", ["-rm", "true"]).status !== 0) {
    console.log("no disk can be filled up here: this machine lets nobody mount one");
    return;
  }
  const disk = `mount -t tmpfs -o size=16m tmpfs '${options.home}' && printenv DAGSTER_YAML > '${join(options.home, "dagster.yaml")}' && exec "$@"`;
  const host = await Host.start({ ...options, prefix: ["unshare", "-rm", "sh", "-c", disk, "sh"] });
  try {
    const run = await host.launch(["steady", "link_1"]);
    await underWay(host, run);
    verdicts.equal("full disk: it is full", true, await host.ask("fill", { megabytes: 64 }));
    await sleep(3000);
    verdicts.equal("full disk: not green", "STARTED", await host.ask("status", { run }));
    await host.ask("drain");
    verdicts.equal("full disk: status", "FAILURE", await host.ask("wait", { run }));
    const last = (await host.ask("events", { run })).find(({ type }) => type === "PIPELINE_FAILURE");
    verdicts.holds(
      "full disk: the run says why",
      /disk is full|disk I\/O error/.test(last?.message ?? ""),
      last,
    );
    verdicts.equal("full disk: exit code", 1, await host.ask("gone", { run }));
    const again = await host.ask("reexecute", { run });
    await complete(host, "after a full disk", again, verdicts);
  } finally {
    host.stop();
  }
}
