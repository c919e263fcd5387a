import type { AssetEvent, AssetExecutionContext } from "@dagster-rocky/dagster";
import type { DispatchSettings } from "./compute.ts";
import { type NodeResult, runInOrder } from "./in-order.ts";
import { openOp } from "./op-runtime.ts";
import type { DerivedGroupPlan } from "./plans.ts";
import { runModel } from "./run-model.ts";

/** Builds the selected models of a default-mode project, and of what they read only what cannot be built before. */
export async function* dispatchDerivedGroup(
  plan: DerivedGroupPlan,
  settings: DispatchSettings,
  context: AssetExecutionContext,
): AsyncGenerator<AssetEvent> {
  const runtime = await openOp(context, settings.resourceKey);
  const models = plan.models.map((model) => ({
    ...model,
    id: model.name,
    always: model.madeElsewhere !== undefined,
  }));
  yield* runInOrder("Model", models, context, async (model) => {
    if (model.madeElsewhere === undefined) return runModel(model, model.grain, context, runtime);
    if (model.madeElsewhere === "ifMissing" && (await context.instance.latestMaterialization(model.key)))
      return NOTHING;
    context.log.info(
      `${model.name} belongs to another op and is built here, because models of this one read it`,
    );
    // Partitions of another op are not this run's: the engine takes the current one.
    const grain = model.madeElsewhere === "ahead" ? model.grain : undefined;
    const { failure } = await runModel(model, grain, context, runtime);
    return failure === undefined ? NOTHING : { ...NOTHING, failure };
  });
}

const NOTHING: NodeResult = Object.freeze({ events: [] });
