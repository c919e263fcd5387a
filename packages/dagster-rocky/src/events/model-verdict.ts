import { AssetKey, type Failure } from "@dagster-rocky/dagster";
import { type Problem, problemFailure } from "./failure-text.ts";

/** One model or node that did not come out right. */
export interface FailedNode {
  readonly key: AssetKey;
  readonly name: string;
  readonly reason: string;
  readonly failureKind?: string;
}

/** One that was not started, because something that it reads failed in the same step. */
export interface BlockedNode {
  readonly key: AssetKey;
  readonly name: string;
  readonly blockedBy: string;
}

/** What a step fails with after its other models ran: undefined when all of them came out right. */
export const nodesVerdict = (
  what: "Model" | "Node",
  failed: readonly FailedNode[],
  blocked: readonly BlockedNode[],
): Failure | undefined => {
  const [first] = failed;
  if (first === undefined) return undefined;
  const notStarted = blocked.map(
    ({ name, blockedBy }): Problem => ({
      subject: name,
      reason: `not started, because ${blockedBy} failed`,
    }),
  );
  const failures = failed.map(({ name, reason }): Problem => ({ subject: name, reason }));
  const headline =
    failed.length === 1 ? `${what} '${first.name}' failed` : `${failed.length} ${what.toLowerCase()}s failed`;
  const problems: readonly Problem[] =
    failed.length === 1 && blocked.length === 0 ? [{ reason: first.reason }] : [...failures, ...notStarted];
  return problemFailure(headline, problems, {
    metadata: {
      "rocky/model_name": failed.map(({ name }) => name).join(", "),
      "rocky/failed_model_count": failed.length,
      "rocky/failed_assets": failed.map(({ key }) => AssetKey.toUserString(key)),
      ...(first.failureKind === undefined ? {} : { "rocky/failure_kind": first.failureKind }),
      ...(blocked.length === 0
        ? {}
        : { "rocky/not_started_assets": blocked.map(({ key }) => AssetKey.toUserString(key)) }),
    },
  });
};
