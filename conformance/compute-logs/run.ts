/** Captured output in a bucket of a server that checks signatures, read back by Dagster's own compute log manager. */
import { spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { asset, Definitions } from "@dagster-rocky/dagster";
import { executeInInstance } from "@dagster-rocky/dagster/testing";
import { createVerdicts } from "../verdicts.ts";

const printed = `one line\n${"x".repeat(200_000)}\nlast line: é\n`;

const definitions = Definitions.create({
  assets: [
    asset({ key: "raw" }, async () => {
      process.stdout.write(printed);
      process.stderr.write("an error line\n");
      // Long enough for what is uploaded on the way.
      await new Promise((resolve) => setTimeout(resolve, 1300));
    }),
    asset(
      { key: ["mart", "sales"], deps: ["raw"] },
      () => process.stderr.write("sold\n") as unknown as undefined,
    ),
  ],
});

interface Found {
  readonly status: string;
  readonly events: readonly string[];
  readonly logs: Readonly<
    Record<string, { stdout: string; stderr: string; complete: boolean; left: readonly string[] }>
  >;
}

interface Planned {
  readonly instanceRef: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly runs: readonly { readonly name: string; readonly runId: string }[];
}

const verdicts = createVerdicts();
const home = mkdtempSync(join(tmpdir(), "compute-logs-"));
const script = fileURLToPath(new URL("./peer.py", import.meta.url));
const peer = spawn(process.env.PEER_PYTHON ?? "python3", ["-W", "ignore", script, home], {
  stdio: ["pipe", "pipe", openSync(join(home, "peer.log"), "w")],
});
const { stdin, stdout } = peer;
if (stdin === null || stdout === null) throw new Error("the peer has no pipes");
const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
try {
  const ready = await lines.next();
  if (ready.value !== "ready") throw new Error("the peer did not start");
  const planned = JSON.parse(readFileSync(join(home, "planned.json"), "utf8")) as Planned;
  const run = (name: string): Promise<string> => {
    const runId = planned.runs.find((each) => each.name === name)?.runId ?? "";
    return executeInInstance(definitions, { instanceRef: planned.instanceRef, runId });
  };
  Object.assign(process.env, planned.credentials);
  await run("captured");
  process.env.AWS_SECRET_ACCESS_KEY = "wrong";
  await run("refused");

  stdin.write("\n");
  const answer = JSON.parse(String((await lines.next()).value)) as {
    captured: Found;
    refused: Found;
    encryption: readonly string[];
  };
  const { captured, refused } = answer;
  verdicts.equal("status", "SUCCESS", captured.status);
  verdicts.equal("what a step printed", printed, captured.logs.raw?.stdout);
  verdicts.equal("its errors", "an error line\n", captured.logs.raw?.stderr);
  verdicts.equal("the other step's", "sold\n", captured.logs.mart__sales?.stderr);
  verdicts.equal(
    "complete",
    [true, true],
    Object.values(captured.logs).map(({ complete }) => complete),
  );
  verdicts.equal(
    "nothing is left behind",
    [],
    Object.values(captured.logs).flatMap(({ left }) => left),
  );
  verdicts.equal("headers of uploads", ["AES256"], answer.encryption);
  verdicts.equal("a wrong signature does not fail the run", "SUCCESS", refused.status);
  verdicts.equal(
    "it is said in the run's log",
    1,
    refused.events.filter((message) => message === "Exception while cleaning up compute log capture").length,
  );
} catch (error) {
  console.log(readFileSync(join(home, "peer.log"), "utf8").slice(-2000));
  verdicts.holds(`the suite ends: ${error instanceof Error ? error.stack : String(error)}`, false, undefined);
} finally {
  peer.kill();
  rmSync(home, { recursive: true, force: true });
}
console.log(`${verdicts.passed} passed, ${verdicts.failed} failed`);
process.exitCode = verdicts.failed === 0 && verdicts.passed > 0 ? 0 : 1;
