import { didYouMean } from "../text-distance.ts";
import { type Command, list, materialize, refresh, serve } from "./commands.ts";
import { type Program, UsageError } from "./program.ts";

const commands: Readonly<Record<string, Command>> = { serve, refresh, list, materialize };

const hostCommands: Readonly<Record<string, Command>> = {
  "api grpc": async (program, argv) => (await import("./api-grpc.ts")).apiGrpc(program, argv),
  "code-server start": async (program, argv) => (await import("./api-grpc.ts")).apiGrpc(program, argv),
  "api grpc-health-check": async (_program, argv) => (await import("./health-check.ts")).healthCheck(argv),
  "api execute_run": async (program, argv) => (await import("./execute-run.ts")).executeRun(program, argv),
  "api resume_run": async (program, argv) => (await import("./execute-run.ts")).resumeRun(program, argv),
};

/** Further commands of the embedding program, under their own names. */
export type ExtraCommands = Readonly<Record<string, Command>>;

const usage = (program: Program, extra: ExtraCommands): string =>
  [
    `${program.name} ${program.version}`,
    "",
    "  serve        the code location over gRPC",
    "                 --host HOST --port PORT | --socket PATH",
    "  refresh      write the state of the components",
    "                 --defs-state-key KEY   only this one; may be repeated",
    "  list         what the project defines",
    "                 --json",
    "  materialize  run without a Dagster host",
    "                 --select A,B           keys, or a selection such as 'group:gold and not key:\"a/b\"'",
    "                 --partition KEY | --partition-range FIRST...LAST",
    "                 --job NAME             a job with its config instead of everything",
    "                 --config-json JSON     run config, as in the launchpad",
    "                 --json",
    "",
    "All take --project DIR; without it, the current folder.",
    ...Object.keys(extra).map((name) => `  ${name}`),
    "",
    "Dagster's own processes call: api grpc, code-server start, api execute_run, api resume_run,",
    "api grpc-health-check (also after `-m dagster`).",
    "",
  ].join("\n");

/** Hosts that start a Python interpreter put `-m dagster` first. */
const withoutModule = (argv: readonly string[]): readonly string[] =>
  argv[0] === "-m" && argv[1] === "dagster" ? argv.slice(2) : argv;

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

const dispatch = async (program: Program, argv: readonly string[], extra: ExtraCommands): Promise<number> => {
  const [first = "", second = ""] = argv;
  const host = own(hostCommands, `${first} ${second}`);
  if (host !== undefined) return host(program, argv.slice(2));
  if (first === "--version" || first === "-V") {
    process.stdout.write(`${program.name} ${program.version}\n`);
    return 0;
  }
  if (first === "" || first === "--help" || first === "-h" || first === "help") {
    process.stdout.write(usage(program, extra));
    return first === "" ? 2 : 0;
  }
  if (
    own(commands, first) !== undefined &&
    argv.slice(1).some((flag) => flag === "--help" || flag === "-h")
  ) {
    process.stdout.write(usage(program, extra));
    return 0;
  }
  const command = own(extra, first) ?? own(commands, first);
  if (command !== undefined) return command(program, argv.slice(1));
  const known = [...Object.keys(commands), ...Object.keys(extra), ...Object.keys(hostCommands)];
  throw new UsageError(`unknown command "${first}"${didYouMean(first, known)}`);
};

/** Runs one command line and gives its exit code: 2 for a wrong one, 1 for a failure. */
export const runCli = async (
  program: Program,
  argv: readonly string[],
  extra: ExtraCommands = {},
): Promise<number> => {
  try {
    return await dispatch(program, withoutModule(argv), extra);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${program.name}: ${error.message}\n`);
      return 2;
    }
    const name = error instanceof Error ? error.name : "Error";
    const prefix = name === "Error" ? "" : `${name}: `;
    process.stderr.write(
      `${program.name}: ${prefix}${error instanceof Error ? error.message : String(error)}\n`,
    );
    return 1;
  }
};
