import { waitFor } from "../../tools/processes.ts";
import { Host, type HostOptions } from "./host.ts";
import type { Server } from "./server.ts";
import { complete, underWay } from "./storage.ts";
import type { Verdicts } from "../verdicts.ts";

/** Hosts and servers that go away while workers work. */
export async function processFaults(
  options: Omit<HostOptions, "launcher">,
  server: Server,
  verdicts: Verdicts,
): Promise<void> {
  const start = () => Host.start({ ...options, launcher: null });
  let host = await start();
  const run = await host.launch(["steady"]);
  await underWay(host, run);
  host.stop("SIGKILL");
  host = await start();
  await complete(host, "the host is gone", run, verdicts);

  const second = await host.launch(["steady"]);
  await underWay(host, second);
  await server.kill();
  await complete(host, "the server is gone", second, verdicts);

  await server.restart({ megabytes: 64 });
  const hungry = await host.launch(["eats_memory"]);
  verdicts.equal("out of memory: status", "FAILURE", await host.ask("wait", { run: hungry }));
  const message = await lastMessage(host, hungry);
  verdicts.holds("out of memory: the run says why", message.includes("max-old-space-size"), message);

  const orphan = await host.launch(["endless"]);
  await waitFor("the first step", 60, async () => (await host.ask("count", { run: orphan })).STEP_START, 50);
  const events = await host.ask("events", { run: orphan });
  const worker = Number(/pid: (\d+)/.exec(events.map((event) => event.message).join("\n"))?.[1]);
  await server.kill();
  process.kill(worker, "SIGKILL");
  await server.restart();
  verdicts.equal("server and worker are gone: status", "FAILURE", await host.ask("wait", { run: orphan }));
  const report = await lastMessage(host, orphan);
  verdicts.holds(
    "server and worker are gone: the run says so",
    report.includes("no server watched it"),
    report,
  );
  host.stop();
}

async function lastMessage(host: Host, run: string): Promise<string> {
  const failure = (await host.ask("events", { run })).find(({ type }) => type === "PIPELINE_FAILURE");
  return failure?.message ?? "";
}
