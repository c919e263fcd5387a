import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { type Outcome, runJudge } from "./judges.ts";
import type { PythonEnvironment } from "./python.ts";
import type { Release } from "./releases.ts";

/** What to run: nothing named means all that continuous integration runs. */
export interface Choice {
  /** Also what takes long and differs little. */
  readonly all: boolean;
  /** Suites, or comparisons of the suite `peer`, by name. */
  readonly suites?: readonly string[] | undefined;
  readonly projects?: readonly string[] | undefined;
}

/** One suite on one project, against one Dagster. */
export type Run = () => Promise<Outcome>;

/** What cannot be compared with another release than the pinned one: its judge reads fields that older ones lack. */
const pinnedOnly: ReadonlySet<string> = new Set(["graph"]);

/** The scenarios of the end-to-end judge that need no refresh from the UI, which older hosts do not offer. */
const WITHOUT_REFRESH =
  "load,all,subset,partition,failure,reexecute,tablefail,governance,concurrency,contention,cancel,workerkill,offline";

/** The runs of a choice against one release, those that take long first. */
export function runsOf(
  root: string,
  choice: Choice,
  release: Release,
  python: PythonEnvironment,
): readonly Run[] {
  const shared = join(root, "../shared");
  const bin = (name: string): string => join(root, "node_modules/.bin", name);
  // Everything that is started inherits it, so that payloads are written for that release.
  const env = release.isPinned ? {} : { DAGSTER_HOST_VERSION: release.version };
  const canRun = (name: string): boolean => release.isPinned || !pinnedOnly.has(name);
  const isWanted = (name: string): boolean => canRun(name) && (choice.suites?.includes(name) ?? true);
  const isChosen = (project: string): boolean => choice.projects?.includes(basename(project)) ?? true;
  const judge = (suite: string, project: string, argv: readonly string[]): Run => {
    return () =>
      runJudge({ suite, name: basename(project), release }, python.python, [...argv, project], env);
  };

  const peers = peerScripts(root)
    .filter((name) => canRun(name) && (isWanted("peer") || isWanted(name)))
    .map((name): Run => {
      const args = [join(root, "tools/run-ts.mjs"), join(root, "conformance", name, "run.ts")];
      const peer = { PEER_PYTHON: python.python, ...env };
      return () => runJudge({ suite: "peer", name, release }, process.execPath, args, peer);
    });
  if (!existsSync(join(shared, "conformance"))) return peers;

  const projects = projectFolders(join(shared, "conformance")).filter(isChosen);
  const check = join(shared, "conformance/check.py");
  const location = [
    "--serve",
    `${bin("dagster-rocky")} serve --project {project} --host 127.0.0.1 --port {port}`,
    "--refresh",
    `${bin("dagster-rocky")} refresh --project {project}`,
  ];
  const modes = ["shop_dag", "shop_std"].map((name) => join(shared, "e2e", name));
  const endToEnd = (choice.all ? [...modes, join(shared, "conformance/retail_orders")] : modes).filter(
    isChosen,
  );
  const scenarios = release.isPinned ? [] : ["--only", WITHOUT_REFRESH];
  const e2e = [join(shared, "e2e/e2e.py"), ...location, ...scenarios];
  const each = (suite: string, folders: readonly string[], argv: readonly string[]): readonly Run[] =>
    isWanted(suite) ? folders.map((project) => judge(suite, project, argv)) : [];
  return [
    ...each("e2e", endToEnd, [...e2e, "--rocky-bin", bin("rocky")]),
    ...(choice.all || choice.suites !== undefined ? each("embedded", endToEnd, [...e2e, "--embedded"]) : []),
    ...peers,
    ...each("engine", projects, [check, "engine", "--rocky", bin("rocky")]),
    ...each("graph", projects, [check, "graph", ...location, "--rocky-bin", bin("rocky")]),
  ];
}

/** Our own comparisons with a running Dagster: every `conformance/<name>/run.ts`. */
const peerScripts = (root: string): readonly string[] =>
  readdirSync(join(root, "conformance"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, "conformance", entry.name, "run.ts")))
    .map((entry) => entry.name)
    .sort();

const projectFolders = (folder: string): readonly string[] =>
  readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(path, "steps.json")))
    .sort();
