import { inflateSync } from "node:zlib";
import type { LocationSource } from "../components/loaded-location.ts";
import {
  asObject,
  isRecord,
  type JsonRecord,
  readObject,
  readText,
  type WireValue,
  writeWire,
} from "../wire/index.ts";
import { workerMain } from "../worker/index.ts";
import { parseFlags } from "./flags.ts";
import { loadForRun } from "./load-for-run.ts";
import { type Program, UsageError } from "./program.ts";

const inflate = (text: string): string => inflateSync(Buffer.from(text, "base64")).toString("utf8");

interface Names {
  readonly command: string;
  readonly className: string;
  readonly variable: string;
  readonly compressedVariable: string;
}

/** Launchers pass the arguments in one of four ways, depending on how long a command line their platform takes. */
const findInput = (argv: readonly string[], names: Names): string => {
  const parsed = parseFlags(argv, { flags: { "compressed-input-json": "text" }, ignoreUnknown: true });
  const [given] = parsed.positional;
  if (given !== undefined) return given;
  const compressed = parsed.text("compressed-input-json") ?? process.env[names.compressedVariable];
  if (compressed !== undefined) return inflate(compressed);
  const plain = process.env[names.variable];
  if (plain !== undefined) return plain;
  throw new UsageError(
    `api ${names.command} needs its arguments: as JSON, with --compressed-input-json, in ${names.variable} ` +
      `or in ${names.compressedVariable}`,
  );
};

/** The code server put its project folder into the pointer that every run carries. */
const projectOf = (args: JsonRecord): string => {
  const origin = asObject(args.pipeline_origin, "PipelinePythonOrigin");
  const repository = asObject(origin.repository_origin, "RepositoryPythonOrigin");
  const pointer = repository.code_pointer;
  const folder = isRecord(pointer) ? readText(pointer.working_directory) : undefined;
  return process.env.DAGSTER_TS_PROJECT ?? folder ?? ".";
};

const run = (program: Program, argv: readonly string[], names: Names, resume: boolean): Promise<number> => {
  const args = readObject(findInput(argv, names), names.className);
  const { registryModule } = program;
  const source: LocationSource = {
    projectRoot: projectOf(args),
    ...(registryModule === undefined ? {} : { registryModule }),
  };
  const task = {
    runId: readText(args.pipeline_run_id) ?? "",
    instanceRef: writeWire(asObject(args.instance_ref, "InstanceRef") as WireValue),
    setExitCodeOnFailure: args.set_exit_code_on_failure === true,
    resume,
  };
  return workerMain({ task, loadDefinitions: loadForRun(source, task) });
};

/** `api execute_run <json>`: one run in this process, as run launchers start it. */
export const executeRun = (program: Program, argv: readonly string[]): Promise<number> =>
  run(
    program,
    argv,
    {
      command: "execute_run",
      className: "ExecuteRunArgs",
      variable: "DAGSTER_EXECUTE_RUN_ARGS",
      compressedVariable: "DAGSTER_COMPRESSED_EXECUTE_RUN_ARGS",
    },
    false,
  );

/** `api resume_run <json>`: goes on with a run whose first worker is gone. */
export const resumeRun = (program: Program, argv: readonly string[]): Promise<number> =>
  run(
    program,
    argv,
    {
      command: "resume_run",
      className: "ResumeRunArgs",
      variable: "DAGSTER_RESUME_RUN_ARGS",
      compressedVariable: "DAGSTER_COMPRESSED_RESUME_RUN_ARGS",
    },
    true,
  );
