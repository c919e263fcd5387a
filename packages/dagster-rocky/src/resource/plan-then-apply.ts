import { join } from "node:path";
import type { HeardFacts } from "./heard.ts";
import type { PlanOutput } from "./outputs/reports.ts";
import type { RunOutput } from "./outputs/run.ts";
import type { EngineEvent } from "./transport.ts";

/** The plan that a run applied. */
export interface PlanFacts {
  readonly planId: string;
  /** The plan file. */
  readonly path: string;
  /** `run` when the project has models, else `replication`; a filtered plan copies tables only, either way. */
  readonly kind: string;
}

/** One run's result, and the plan behind it. */
export interface RunReport {
  readonly run: RunOutput;
  /** Absent for a direct run. */
  readonly plan?: PlanFacts;
  /** What the engine said besides its output. */
  readonly heard?: HeardFacts;
  /** What a shadow run appended to the names of the tables it wrote. */
  readonly shadowSuffix?: string;
}

export interface PlanSteps {
  readonly plan: () => Promise<PlanOutput>;
  readonly apply: (planId: string) => Promise<RunOutput>;
  /** Called when there is no plan to apply. */
  readonly run: () => Promise<RunOutput>;
}

/**
 * Plans, then applies that plan. An engine that cannot keep a plan (a read-only folder, say) says so by
 * leaving the id out; the run then goes ahead directly, and nothing claims that a plan exists.
 */
export const planThenApply = async (
  steps: PlanSteps,
  projectRoot: string,
  onEvent: ((event: EngineEvent) => void) | undefined,
): Promise<RunReport> => {
  const plan = await steps.plan();
  const { planId } = plan;
  if (planId === undefined) {
    onEvent?.({ level: "warn", message: "The engine could not store a plan; running directly without one" });
    return { run: await steps.run() };
  }
  const kind = plan.planKind ?? "run";
  onEvent?.({
    level: "info",
    message: `Plan ${planId.slice(0, 12)} (${kind}): ${plan.statements.length} statements`,
  });
  const run = await steps.apply(planId);
  return { run, plan: { planId, kind, path: join(projectRoot, ".rocky", "plans", `${planId}.json`) } };
};
