import type { LoadPipeline, RockyConfig } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import { createRunEnvironment } from "../run/environment.ts";
import { parseFormat } from "../run/load/file-format.ts";
import type { LoadOverrides } from "../run/load/load-request.ts";
import { runLoadPipeline } from "../run/load/run-load.ts";
import { selectPipeline } from "../run/project.ts";
import { defineCommand } from "./command.ts";
import { booleanFlag, stringFlag } from "./flags.ts";

const loadPipelineOf = (config: RockyConfig, name: string | undefined): LoadPipeline => {
  // Without a name the only load pipeline is meant, also when there are pipelines of other types.
  const loads = config.pipelines.filter((pipeline) => pipeline.type === "load");
  const [only] = loads;
  if (name === undefined && loads.length === 1 && only !== undefined) return only;
  const pipeline = selectPipeline(config, name);
  if (pipeline.type === "load") return pipeline;
  throw new RockyError(
    "config_invalid",
    `pipeline '${pipeline.name}' is a ${pipeline.type} pipeline, not a load`,
    {
      where: { file: config.file, key: `pipeline.${pipeline.name}` },
    },
  );
};

export const load = defineCommand({
  name: "load",
  summary: "Load the files of a directory into tables",
  flags: {
    pipeline: stringFlag("the load pipeline; needed when there are several", "NAME"),
    "source-dir": stringFlag("read this directory instead of the configured one", "DIR"),
    format: stringFlag("only files of this format: csv, parquet or json_lines", "FORMAT"),
    target: stringFlag("load every file into this table", "TABLE"),
    truncate: booleanFlag("empty each table before loading into it"),
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const pipeline = loadPipelineOf(context.loadConfig(), flags.pipeline);
    const format = parseFormat(flags.format);
    const overrides: LoadOverrides = {
      ...(flags["source-dir"] === undefined ? {} : { sourceDir: flags["source-dir"] }),
      ...(format === undefined ? {} : { format }),
      ...(flags.target === undefined ? {} : { target: flags.target }),
      ...(flags.truncate ? { truncate: true } : {}),
    };
    await using env = createRunEnvironment(context);
    return await runLoadPipeline(env, pipeline, overrides);
  },
});
