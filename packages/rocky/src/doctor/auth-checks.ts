import type { CommandContext } from "../commands/context.ts";
import { ADAPTER_ROLES, type AdapterConfig, type RockyConfig } from "../config/index.ts";
import { createRunEnvironment } from "../run/environment.ts";
import { describeError, type Finding } from "./examination.ts";

const discoveryAdapters = (config: RockyConfig): readonly string[] => [
  ...new Set(
    config.pipelines.flatMap((pipeline) =>
      pipeline.type === "replication" && pipeline.source.discovery !== undefined
        ? [pipeline.source.discovery.adapter]
        : [],
    ),
  ),
];

const holdsData = (adapter: AdapterConfig): boolean =>
  adapter.kind !== "discovery" && (ADAPTER_ROLES[adapter.type]?.data ?? true);

/** A health check must not sit behind a long run; a busy database is a finding of its own. */
const impatient = (context: CommandContext): CommandContext => ({
  ...context,
  env: { ...context.env, ROCKY_LOCK_WAIT_SECONDS: context.env.ROCKY_LOCK_WAIT_SECONDS ?? "5" },
});

/** Opens every adapter and asks it the smallest question there is. */
export const checkAuth = async (context: CommandContext): Promise<readonly Finding[]> => {
  const config = context.loadConfig();
  await using environment = createRunEnvironment(impatient(context));
  const findings: Finding[] = [];
  const failures: string[] = [];
  const probe = async (adapter: string, success: string): Promise<boolean> => {
    try {
      const session = await environment.session(adapter, "read");
      await session.scalar("SELECT 1");
      findings.push({ name: `auth/${adapter}`, status: "healthy", message: success });
      return true;
    } catch (thrown) {
      const message = describeError(context, thrown);
      findings.push({ name: `auth/${adapter}`, status: "critical", message });
      failures.push(`auth: ${adapter}: ${message}`);
      return false;
    }
  };
  const warehouses = config.adapters.filter(holdsData);
  let reached = 0;
  for (const { name } of warehouses) if (await probe(name, `Authenticated to ${name}`)) reached += 1;
  for (const name of discoveryAdapters(config)) await probe(name, `Discovery adapter ${name} reachable`);
  const all = reached === warehouses.length;
  const suggestion = failures.length === 0 ? {} : { suggestion: failures.join("; ") };
  const summary: Finding = all
    ? { status: "healthy", message: `All ${reached} warehouse adapter(s) authenticated`, ...suggestion }
    : {
        status: "critical",
        message: `${reached} of ${warehouses.length} warehouse adapter(s) authenticated`,
        ...suggestion,
      };
  return [...findings, summary];
};
