/** Our worker beside Python's, on a PostgreSQL server. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AssetEvent, AssetKey, asset, Definitions } from "@dagster-rocky/dagster";
import { executeInInstance } from "@dagster-rocky/dagster/testing";
import { compareWorkers, main, plannedIn, runPeer } from "../worker/suite.ts";
import { hostOnPostgres } from "./host.ts";
import { startPostgres } from "./server.ts";
import { changeInTurns } from "./turns.ts";

const EVENTS = 300;

/** Yields many events over a few seconds. */
const talkative = Definitions.create({
  assets: [
    asset({ key: "raw" }, async function* () {
      const assetKey = AssetKey.of("raw");
      for (let number = 0; number < EVENTS; number++) {
        yield AssetEvent.observe({ assetKey, metadata: { number } });
        await sleep(10);
      }
      yield AssetEvent.materialize({ assetKey });
    }),
  ],
});

await main(async (python) => {
  const work = mkdtempSync(join(tmpdir(), "postgres-"));
  chmodSync(work, 0o755);
  const server = await startPostgres(join(work, "server"));
  try {
    const prepareHome = (home: string, name: string): void => {
      const url = server.createDatabase(name);
      writeFileSync(join(home, "postgres.url"), url);
      writeFileSync(
        join(home, "dagster.yaml"),
        `storage:\n  postgres:\n    postgres_url: ${url.replace("://", "+psycopg2://")}\n`,
      );
    };
    const compared = await compareWorkers({ python, work, prepareHome });

    const long = join(work, "long");
    mkdirSync(long);
    prepareHome(long, "long");
    await runPeer(python, "long", long);
    const { instanceRef, runs } = plannedIn(long);
    const running = executeInInstance(talkative, { instanceRef, runId: runs[0]?.runId ?? "" });
    for (let restarts = 0; restarts < 2; restarts++) {
      await sleep(800);
      server.restart();
    }
    await running;
    const turns = await changeInTurns(instanceRef);
    const tally = (await runPeer(python, "tally", long)).output;
    return compared + tally + turns + (await hostOnPostgres(python, work, server.createDatabase("host")));
  } finally {
    server.stop();
    rmSync(work, { recursive: true, force: true });
  }
});
