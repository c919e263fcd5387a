import { displayName, type TableRef } from "../adapters/table-ref.ts";
import type { CommandContext } from "../commands/context.ts";
import { RockyError } from "../errors.ts";
import { createRunEnvironment, type RunEnvironment } from "../run/environment.ts";
import { failureText } from "../run/failure.ts";
import { modelsDirectoryOf, selectPipeline } from "../run/project.ts";
import { ENGINE_VERSION } from "../version.ts";
import { type BreakingFinding, describeFinding } from "./breaking-changes.ts";
import { findingsSince } from "./breaking-gate.ts";
import type { Json } from "./canonical-json.ts";
import { type Plan, planIdOf, writePlan } from "./plan-file.ts";
import { type AuditEvent, type Auditor, auditor } from "./promotion-audit.ts";
import { findPromotion, type Promotion, type PromotionChoice, promote } from "./promotion.ts";

export interface PromoteRequest extends PromotionChoice {
  readonly base: string;
  readonly allowBreaking: boolean;
  readonly skipApproval: boolean;
}

const refuse = (branch: string, breaking: readonly BreakingFinding[]): RockyError => {
  const lines = breaking.map((finding) => `\n  ${describeFinding(finding)}`);
  return new RockyError("check_failed", `branch '${branch}' breaks its readers:${lines.join("")}`, {
    hint: "change the models, or promote with --allow-breaking",
  });
};

const refuseUnapproved = ({ config }: RunEnvironment, skipApproval: boolean): void => {
  if (!config.branchApprovalRequired || skipApproval) return;
  throw new RockyError(
    "unsupported",
    "promotions of this project need an approval, which cannot be given here",
    {
      where: { file: config.file, key: "branch.approval.required" },
      hint: "review the plan and promote with --skip-approval, or turn the setting off",
    },
  );
};

const draft = async (env: RunEnvironment, request: PromoteRequest) => {
  const { branch, base } = request;
  refuseUnapproved(env, request.skipApproval);
  const promotion = await findPromotion(env, request);
  const pipeline = selectPipeline(env.config, request.pipeline);
  const directory = modelsDirectoryOf(env.config, {
    directory: request.models,
    pipeline: pipeline.type === "transformation" ? pipeline : undefined,
  });
  const gate = await findingsSince(env, base, directory);
  const breaking = gate.findings.filter(({ severity }) => severity === "breaking");
  const refused = breaking.length > 0 && !request.allowBreaking ? refuse(branch, breaking) : undefined;
  const verdict = refused === undefined ? "breaking_changes_allowed" : "breaking_changes_blocked";
  const say = auditor(env.context, branch, promotion.stateHash);
  const audit: AuditEvent[] = [
    ...(env.config.branchApprovalRequired ? [say("approval_skipped", { reason: "--skip-approval" })] : []),
    ...(gate.skipped === undefined ? [] : [say("breaking_changes_gate_skipped", { reason: gate.skipped })]),
    ...(breaking.length === 0 ? [] : [say(verdict, { breaking_changes: breaking })]),
  ];
  const given = (key: string, value: string | undefined) => (value === undefined ? {} : { [key]: value });
  const payload = {
    branch_name: branch,
    base_ref: base,
    head_ref: "HEAD",
    ...given("pipeline", request.pipeline),
    ...given("filter", request.filter),
    ...given("models", request.models),
    allow_breaking: request.allowBreaking,
    branch_state_hash: promotion.stateHash,
    approvals_used: [],
    approvals_rejected: [],
    breaking_changes: gate.findings as unknown as Json,
    targets: promotion.targets.map(({ source, target, strategy, statement }) => ({
      source: displayName(source),
      ...parts("source", source),
      target: displayName(target),
      ...parts("target", target),
      strategy,
      statement,
      production_upstreams: [],
    })),
  } satisfies Record<string, Json>;
  return { promotion, payload, audit, say, refused };
};

const parts = (side: "source" | "target", { catalog, schema, table }: TableRef) => ({
  [`${side}_catalog`]: catalog,
  [`${side}_schema`]: schema,
  [`${side}_table`]: table,
});

/** `plan promote`: checks what a branch would break, and keeps how it replaces production. */
export const makePromotePlan = async (context: CommandContext, request: PromoteRequest): Promise<object> => {
  await using env = createRunEnvironment(context);
  const { payload, audit, say, refused } = await draft(env, request);
  if (refused !== undefined) throw refused;
  const kept = request.skipApproval ? { ...payload, skip_approval: true } : payload;
  const plan: Plan = {
    planId: planIdOf("promote", kept),
    kind: "promote",
    createdAt: new Date().toISOString(),
    principal: context.principal,
    payload: kept,
  };
  await writePlan(context.cwd, plan);
  return {
    version: ENGINE_VERSION,
    command: "plan promote",
    plan_id: plan.planId,
    plan_kind: plan.kind,
    created_at: plan.createdAt,
    ...payload,
    plan_audit: [...audit, say("promote_plan_created")],
  };
};

export interface PromotionOutcome {
  readonly payload: object;
  readonly exitCode: number;
  /** Why it was refused. */
  readonly error?: RockyError;
}

interface Carried {
  readonly branch: string;
  readonly promotion: Promotion;
  readonly findings: unknown;
  readonly say: Auditor;
}

interface Ending {
  readonly success: boolean;
  readonly targets: readonly object[];
  readonly audit: readonly AuditEvent[];
}

const outputOf = ({ branch, promotion, findings }: Carried, { success, targets, audit }: Ending) => ({
  version: ENGINE_VERSION,
  command: "branch promote",
  branch,
  branch_state_hash: promotion.stateHash,
  success,
  targets,
  approvals_used: [],
  approvals_rejected: [],
  breaking_changes: findings,
  audit,
});

const carryOut = async (
  env: RunEnvironment,
  carried: Carried,
  before: readonly AuditEvent[],
): Promise<PromotionOutcome> => {
  const { promotion, say } = carried;
  const audit = [...before, say("promote_started")];
  let error: string | undefined;
  try {
    await promote(promotion, await env.state("write"));
  } catch (thrown) {
    error = failureText(thrown);
  }
  const success = error === undefined;
  const targets = promotion.targets.map(({ source, target, statement }) => ({
    source: displayName(source),
    target: displayName(target),
    statement,
    succeeded: success,
    ...(error === undefined ? {} : { error }),
  }));
  audit.push(error === undefined ? say("promote_completed") : say("promote_failed", { reason: error }));
  return { exitCode: success ? 0 : 1, payload: outputOf(carried, { success, targets, audit }) };
};

/** `branch promote`: plan and apply in one step. */
export const promoteBranch = async (
  context: CommandContext,
  request: PromoteRequest,
): Promise<PromotionOutcome> => {
  await using env = createRunEnvironment(context);
  const { promotion, payload, audit, say, refused } = await draft(env, request);
  const carried: Carried = { branch: request.branch, promotion, findings: payload.breaking_changes, say };
  if (refused === undefined) return await carryOut(env, carried, audit);
  // Who reads the payload learns what would break.
  return {
    exitCode: 1,
    error: refused,
    payload: outputOf(carried, { success: false, targets: [], audit }),
  };
};

const textOf = (plan: Plan, key: string): string | undefined => {
  const value = plan.payload[key];
  return typeof value === "string" ? value : undefined;
};

/** Carries out a plan of `plan promote`, when the branch's tables are still those that were planned. */
export const applyPromotion = async (context: CommandContext, plan: Plan): Promise<PromotionOutcome> => {
  await using env = createRunEnvironment(context);
  // The project may have begun to ask for approvals since the plan was made.
  refuseUnapproved(env, plan.payload.skip_approval === true);
  const branch = textOf(plan, "branch_name") ?? "";
  const promotion = await findPromotion(env, {
    branch,
    pipeline: textOf(plan, "pipeline"),
    filter: textOf(plan, "filter"),
    models: textOf(plan, "models"),
  });
  if (promotion.stateHash !== textOf(plan, "branch_state_hash"))
    throw new RockyError("plan_stale", `plan '${plan.planId}' is stale: branch '${branch}' has changed`, {
      hint: "make a new one with `rocky plan promote`",
    });
  const say = auditor(context, branch, promotion.stateHash);
  return await carryOut(env, { branch, promotion, findings: plan.payload.breaking_changes ?? [], say }, []);
};
