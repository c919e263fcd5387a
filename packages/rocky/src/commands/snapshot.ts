import { displayName, tableRef } from "../adapters/table-ref.ts";
import type { RockyConfig, SnapshotPipeline } from "../config/index.ts";
import { RockyError } from "../errors.ts";
import { createRunEnvironment } from "../run/environment.ts";
import { selectPipeline } from "../run/project.ts";
import { planSnapshot, takeSnapshot } from "../run/snapshot/run-snapshot.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { booleanFlag, stringFlag } from "./flags.ts";

const snapshotPipelineOf = (config: RockyConfig, name: string | undefined): SnapshotPipeline => {
  const snapshots = config.pipelines.filter((pipeline) => pipeline.type === "snapshot");
  const [only] = snapshots;
  if (name === undefined && snapshots.length === 1 && only !== undefined) return only;
  const pipeline = selectPipeline(config, name);
  if (pipeline.type === "snapshot") return pipeline;
  throw new RockyError(
    "config_invalid",
    `pipeline '${pipeline.name}' is a ${pipeline.type} pipeline, not a snapshot`,
    {
      where: { file: config.file, key: `pipeline.${pipeline.name}` },
    },
  );
};

export const snapshot = defineCommand({
  name: "snapshot",
  summary: "Record how the rows of a table have changed since the last time",
  flags: {
    pipeline: stringFlag("the snapshot pipeline; needed when there are several", "NAME"),
    "dry-run": booleanFlag("show the statements without running them"),
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const pipeline = snapshotPipelineOf(context.loadConfig(), flags.pipeline);
    const dryRun = flags["dry-run"];
    const started = performance.now();
    const at = new Date();
    await using env = createRunEnvironment(context);
    const session = await env.session(pipeline.target.adapter, dryRun ? "read" : "write");
    const steps = dryRun
      ? (await planSnapshot(session, pipeline, at)).map(({ step, sql }) => ({
          step,
          sql,
          status: "dry_run",
          duration_ms: 0,
        }))
      : (await takeSnapshot(session, pipeline, at)).map(({ step, sql, durationMs }) => ({
          step,
          sql,
          status: "ok",
          duration_ms: durationMs,
        }));
    const { source, target } = pipeline;
    return {
      payload: {
        version: ENGINE_VERSION,
        command: "snapshot",
        pipeline: pipeline.name,
        source: displayName(tableRef(source.catalog, source.schema, source.table)),
        target: displayName(tableRef(target.catalog, target.schema, target.table)),
        dry_run: dryRun,
        steps_total: steps.length,
        steps_ok: steps.filter(({ status }) => status === "ok").length,
        steps,
        duration_ms: Math.round(performance.now() - started),
      },
    };
  },
});
