import { createRunEnvironment } from "../run/environment.ts";
import { reconcileWatermarks } from "../run/replication/reconcile.ts";
import { selectReplication } from "../run/replication/select.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { booleanFlag, stringFlag, stringsFlag } from "./flags.ts";

export const stateReconcileWatermark = defineCommand({
  name: "state reconcile-watermark",
  summary: "Set watermarks to what the copied tables really hold",
  flags: {
    pipeline: stringFlag("the replication pipeline; needed when there are several pipelines", "NAME"),
    table: stringsFlag("a target table; may be repeated (default: all incremental ones)", "TABLE"),
    "dry-run": booleanFlag("show without writing"),
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const pipeline = selectReplication(context.loadConfig(), flags.pipeline, "state reconcile-watermark");
    await using env = createRunEnvironment(context);
    const dryRun = flags["dry-run"];
    const state = await env.state(dryRun ? "read" : "write");
    const watermarks = await reconcileWatermarks(env, pipeline, state, flags.table, dryRun);
    return {
      payload: {
        version: ENGINE_VERSION,
        command: "state reconcile-watermark",
        pipeline: pipeline.name,
        dry_run: dryRun,
        watermarks,
      },
    };
  },
});
