import type { Pipeline, ReplicationPipeline, RockyConfig } from "../../config/index.ts";
import { RockyError } from "../../errors.ts";
import { selectPipeline } from "../project.ts";

/** The replication pipeline that `discover` and `plan` work on. */
export const selectReplication = (
  config: RockyConfig,
  name: string | undefined,
  command: string,
): ReplicationPipeline => {
  const pipeline: Pipeline = selectPipeline(config, name);
  if (pipeline.type === "replication") return pipeline;
  throw new RockyError(
    "config_invalid",
    `pipeline '${pipeline.name}' is a ${pipeline.type} pipeline; ${command} needs a replication`,
    {
      where: { file: config.file, key: `pipeline.${pipeline.name}` },
    },
  );
};
