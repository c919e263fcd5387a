import { hostname } from "node:os";
import type { CommandContext } from "../commands/context.ts";
import type { BreakingFinding } from "./breaking-changes.ts";
import { login } from "./login.ts";

type EventKind =
  | "approval_skipped"
  | "breaking_changes_blocked"
  | "breaking_changes_allowed"
  | "breaking_changes_gate_skipped"
  | "promote_plan_created"
  | "promote_started"
  | "promote_completed"
  | "promote_failed";

/** The command line knows people by their login and nothing better. */
const actor = (env: CommandContext["env"]) => ({
  email: env.GIT_AUTHOR_EMAIL ?? env.EMAIL ?? `${login()}@${hostname()}`,
  name: env.GIT_AUTHOR_NAME ?? null,
  host: hostname(),
  source: "local" as const,
});

/** Makes the events of one promotion. `stateHash` is that of the branch's tables. */
export const auditor = (context: CommandContext, branch: string, stateHash: string) => {
  const by = actor(context.env);
  return (
    kind: EventKind,
    extra: { reason?: string; breaking_changes?: readonly BreakingFinding[] } = {},
  ) => ({
    kind,
    branch,
    branch_state_hash: stateHash,
    actor: by,
    at: new Date().toISOString(),
    ...extra,
  });
};

export type Auditor = ReturnType<typeof auditor>;
export type AuditEvent = ReturnType<Auditor>;
