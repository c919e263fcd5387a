/**
 * A code location that uses every noun of the API, behind the stock webserver and daemon: what the UI shows of it, its
 * launchpad, its runs, its components' state, and definitions that are wrong. PEER_PYTHON names the interpreter.
 */
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareHome, startHost } from "../../tools/host.ts";
import { freePort, Processes } from "../../tools/processes.ts";
import { launchpad } from "./launchpad.ts";
import { mistakes } from "./mistakes.ts";
import { nouns } from "./nouns.ts";
import { state } from "./state.ts";
import { createVerdicts } from "../verdicts.ts";
import { isBefore113 } from "../host-version.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const command = join(root, "packages/dagster/bin/dagster-ts.js");

function stageProject(folder: string): string {
  const project = join(folder, "project");
  cpSync(join(here, "project"), project, { recursive: true });
  mkdirSync(join(project, "node_modules"));
  symlinkSync(join(root, "node_modules/@dagster-rocky"), join(project, "node_modules/@dagster-rocky"));
  return project;
}

async function main(): Promise<number> {
  const python = process.env.PEER_PYTHON ?? "";
  const verdicts = createVerdicts();
  const verdict = verdicts.equal;
  const processes = new Processes();
  const work = mkdtempSync(join(tmpdir(), "api-"));
  const leave = (): void => void processes.stop().then(() => process.exit(130));
  process.once("SIGINT", leave).once("SIGTERM", leave);
  try {
    const [home, states, port] = [join(work, "home"), join(work, "states"), await freePort()];
    const project = stageProject(work);
    prepareHome(home, port, "nouns");
    appendFileSync(
      join(home, "dagster.yaml"),
      `defs_state_storage:
  module: dagster._core.storage.defs_state
  class: UPathDefsStateStorage
  config:
    base_path: ${states}
    storage_options:
      auto_mkdir: true
`,
    );
    processes.start(
      "code location",
      process.execPath,
      [command, "serve", "--project", project, "--host", "127.0.0.1", "--port", String(port)],
      {
        cwd: project,
        env: { DAGSTER_HOME: home, NOUNS_TOKEN: "s3cret" },
        log: join(home, "code-location.log"),
      },
    );
    const bin = dirname(python);
    const { graphql } = await startHost(processes, { python, script: (name) => join(bin, name) }, home, 0);
    await nouns(graphql, verdict);
    await launchpad(graphql, verdict);
    // Hosts before 1.13 have no button for it.
    if (!isBefore113) await state(graphql, verdict, python, home, states);
    await mistakes(graphql, verdict, project);
  } catch (error) {
    verdict("the suite ended", "normally", error instanceof Error ? error.message : String(error));
  } finally {
    await processes.stop();
    rmSync(work, { recursive: true, force: true });
  }
  console.log(`${verdicts.passed} passed, ${verdicts.failed} failed`);
  return verdicts.failed === 0 ? 0 : 1;
}

process.exitCode = await main();
