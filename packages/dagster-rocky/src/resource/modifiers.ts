import { Failure } from "@dagster-rocky/dagster";
import type { RunModifiers } from "./commands/running.ts";
import { RockyError } from "./errors.ts";
import type { GovernanceOverride, Resolver, ResolverContext } from "./resolver.ts";

/** Functions of the project that compute values for one run. */
export interface RunResolvers {
  readonly shadowSuffix?: Resolver<string>;
  readonly governanceOverride?: Resolver<GovernanceOverride>;
  readonly idempotencyKey?: Resolver<string>;
  readonly timeoutSeconds?: Resolver<number>;
}

const resolveOne = async <T>(
  name: string,
  resolver: Resolver<T> | undefined,
  given: T | undefined,
  context: ResolverContext,
): Promise<T | undefined> => {
  if (given !== undefined || resolver === undefined) return given;
  try {
    return await resolver(context);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const label = resolver.name === "" ? "a resolver" : `resolver ${resolver.name}`;
    throw new RockyError("argument", `${label} for ${name} failed: ${reason}`, { argument: name }, error);
  }
};

/** Refuses an override that would take every workspace's access away by accident. */
export const checkGovernanceOverride = (override: GovernanceOverride | undefined): void => {
  if (override === undefined) return;
  const refuse = (reason: string): never => {
    throw new RockyError("argument", `The governance override is not usable: ${reason}`, {
      argument: "governance_override",
    });
  };
  if (typeof override !== "object" || override === null || Array.isArray(override))
    refuse("it must be a mapping");
  const workspaces = override.workspace_ids;
  if (workspaces === undefined) return;
  if (!Array.isArray(workspaces)) refuse("workspace_ids must be a list");
  else if (workspaces.length === 0 && !override.allow_empty_workspace_ids)
    refuse(
      "workspace_ids is empty, which unbinds every workspace; set allow_empty_workspace_ids to mean that",
    );
};

/** The key that steers this package's own check and is not the engine's. */
const engineOverride = (override: GovernanceOverride): GovernanceOverride => {
  const { allow_empty_workspace_ids: _ours, ...rest } = override;
  return rest;
};

/** Values for one run: what the caller gave, else what the resolvers say. */
export const resolveModifiers = async (
  resolvers: RunResolvers,
  given: RunModifiers & { readonly timeoutSeconds?: number },
  context: ResolverContext,
): Promise<RunModifiers & { readonly timeoutSeconds?: number }> => {
  const asked = Object.freeze({ ...context, supplied: Object.freeze({ ...context.supplied }) });
  const shadowSuffix = await resolveOne("shadow_suffix", resolvers.shadowSuffix, given.shadowSuffix, asked);
  const override = await resolveOne(
    "governance_override",
    resolvers.governanceOverride,
    given.governanceOverride,
    asked,
  );
  checkGovernanceOverride(override);
  const idempotencyKey = await resolveOne(
    "idempotency_key",
    resolvers.idempotencyKey,
    given.idempotencyKey,
    asked,
  );
  const timeoutSeconds = await resolveOne(
    "timeout_seconds",
    resolvers.timeoutSeconds,
    given.timeoutSeconds,
    asked,
  );
  return {
    ...(shadowSuffix === undefined ? {} : { shadowSuffix }),
    ...(override === undefined ? {} : { governanceOverride: engineOverride(override) }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  };
};
