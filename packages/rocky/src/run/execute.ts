import type { CommandContext } from "../commands/context.ts";
import { RockyError } from "../errors.ts";
import { withHooks } from "../hooks/run-hooks.ts";
import { unreachable } from "../unreachable.ts";
import { createRunEnvironment, type RunEnvironment } from "./environment.ts";
import { runLoadPipeline } from "./load/run-load.ts";
import { selectPipeline } from "./project.ts";
import { runQuality } from "./quality/run-quality.ts";
import { onceByKey } from "./idempotent.ts";
import type { RunRequest } from "./request.ts";
import { runSingleModel, runTransformation } from "./run-models.ts";
import { runReplication } from "./run-replication.ts";
import { runSnapshot } from "./snapshot/run-snapshot.ts";
import { tellUnappliedSettings } from "./tell-unapplied.ts";

export interface Executed {
  /** A run's output, or a load's. */
  readonly payload: object;
  readonly exitCode: number;
}

const refuseShadow = (request: RunRequest, type: string): void => {
  if (request.shadow === undefined) return;
  throw new RockyError("unsupported", `a ${type} pipeline has no shadow runs`, {
    hint: "leave out --shadow and --branch",
  });
};

/** Says that `--resume` leaves nothing out; the graph's run says it once for all its nodes. */
const tellUnresumed = (env: RunEnvironment, request: RunRequest, what: string): void => {
  if (request.resume === undefined || request.work !== undefined) return;
  const message = `--resume leaves nothing out here: ${what} is done as a whole`;
  env.emit({ level: "warn", message, fields: { event: "nothing_to_resume" } });
};

/** One run in an environment that is open already; the DAG runner makes many of them. */
export const executeIn = async (env: RunEnvironment, request: RunRequest): Promise<Executed> => {
  if (request.model !== undefined) {
    tellUnresumed(env, request, "a single model");
    const { output, exitCode } = await runSingleModel(env, request, request.model);
    return { payload: output, exitCode };
  }
  const pipeline = selectPipeline(env.config, request.pipeline);
  tellUnappliedSettings(env, pipeline);
  if (pipeline.type !== "replication" && pipeline.type !== "transformation")
    tellUnresumed(env, request, `a ${pipeline.type} pipeline`);
  switch (pipeline.type) {
    case "replication": {
      const { output, exitCode } = await runReplication(env, request, pipeline);
      return { payload: output, exitCode };
    }
    case "transformation": {
      const { output, exitCode } = await runTransformation(env, request, pipeline);
      return { payload: output, exitCode };
    }
    case "quality": {
      refuseShadow(request, pipeline.type);
      const { output, exitCode } = await runQuality(env, request, pipeline);
      return { payload: output, exitCode };
    }
    case "snapshot": {
      refuseShadow(request, pipeline.type);
      const { output, exitCode } = await runSnapshot(env, request, pipeline);
      return { payload: output, exitCode };
    }
    case "load":
      refuseShadow(request, pipeline.type);
      return onceByKey(env, request, pipeline.type, () => runLoadPipeline(env, pipeline, {}, request.work));
    default:
      return unreachable(pipeline);
  }
};

export const executeRun = (context: CommandContext, request: RunRequest): Promise<Executed> =>
  withHooks(context, async (hooked) => {
    await using env = createRunEnvironment(hooked);
    return await executeIn(env, request);
  });
