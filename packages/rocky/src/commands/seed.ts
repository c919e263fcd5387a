import { RockyError } from "../errors.ts";
import { joinPath } from "../paths.ts";
import { createRunEnvironment } from "../run/environment.ts";
import { selectPipeline } from "../run/project.ts";
import { findSeedFiles } from "../run/seed/seed-files.ts";
import { loadSeeds } from "../run/seed/load-seeds.ts";
import { didYouMean } from "../suggest.ts";
import { defineCommand } from "./command.ts";
import { stringFlag } from "./flags.ts";

export const seed = defineCommand({
  name: "seed",
  summary: "Load CSV files that belong to the project into the warehouse",
  flags: {
    seeds: stringFlag("folder of the seed files (default: seeds beside the config)", "DIR"),
    pipeline: stringFlag("the pipeline whose warehouse is used; needed when there are several", "NAME"),
    filter: stringFlag("only the seed of this name", "NAME"),
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const config = context.loadConfig();
    const directory = flags.seeds ?? joinPath(config.directory, "seeds");
    const pipeline = selectPipeline(config, flags.pipeline);
    const all = findSeedFiles(context.files, context.env, directory);
    if (all === undefined) {
      throw new RockyError("io_failed", `the seeds directory '${directory}' does not exist`, {
        where: { file: directory },
        hint: "point --seeds at a folder with .csv files",
      });
    }
    const wanted = flags.filter?.replace(/^name=/, "");
    const seeds = wanted === undefined ? all : all.filter(({ name }) => name === wanted);
    if (wanted !== undefined && seeds.length === 0) {
      const near = didYouMean(
        wanted,
        all.map(({ name }) => name),
      );
      const text = `no seed is named '${wanted}' in ${directory}`;
      context.emit({ level: "warn", message: near === undefined ? text : `${text}; ${near}` });
    }
    await using env = createRunEnvironment(context);
    return await loadSeeds(env, { directory, seeds, adapter: pipeline.target.adapter });
  },
});
