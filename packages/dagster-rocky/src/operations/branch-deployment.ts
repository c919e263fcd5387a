import type { Resolver } from "../resource/resolver.ts";

/** Variables of a process, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface BranchDeploymentInfo {
  readonly isBranchDeployment: boolean;
  readonly deploymentName?: string;
  readonly pullRequestId?: string;
  readonly gitSha?: string;
}

/** What the host's environment says about the deployment that this process belongs to. */
export function branchDeploymentInfo(env: Environment = process.env): BranchDeploymentInfo {
  const deploymentName = env.DAGSTER_CLOUD_DEPLOYMENT_NAME;
  const pullRequestId = env.DAGSTER_CLOUD_PULL_REQUEST_ID;
  const gitSha = env.DAGSTER_CLOUD_GIT_SHA;
  return {
    isBranchDeployment: isBranchDeployment(env),
    ...(deploymentName ? { deploymentName } : {}),
    ...(pullRequestId ? { pullRequestId } : {}),
    ...(gitSha ? { gitSha } : {}),
  };
}

/** Hosts write `1`, people write `true`; taking either for "no" would write to production from a branch. */
export const isBranchDeployment = (env: Environment = process.env): boolean =>
  /^(1|true)$/i.test(env.DAGSTER_CLOUD_IS_BRANCH_DEPLOYMENT ?? "");

/**
 * The suffix of tables that a branch deployment writes: `_dagster_pr_<n>`, else `_dagster_<deployment>`,
 * else `_dagster_branch`. Undefined outside a branch deployment.
 */
export function branchDeployShadowSuffix(env: Environment = process.env): string | undefined {
  const info = branchDeploymentInfo(env);
  if (!info.isBranchDeployment) return undefined;
  if (/^\d+$/.test(info.pullRequestId ?? "") && Number(info.pullRequestId) > 0) {
    return `_dagster_pr_${Number(info.pullRequestId)}`;
  }
  const name = info.deploymentName?.replace(/[^A-Za-z0-9]/g, "_");
  return name ? `_dagster_${name}` : "_dagster_branch";
}

/** For `shadowSuffixFn`: runs of branch deployments write beside the production tables. */
export const shadowSuffixResolver =
  (env: Environment = process.env): Resolver<string> =>
  () =>
    branchDeployShadowSuffix(env);
