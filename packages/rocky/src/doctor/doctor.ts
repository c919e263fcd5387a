import type { CommandContext } from "../commands/context.ts";
import { checkAuth } from "./auth-checks.ts";
import { checkAdapters, checkConfig, checkPipelines } from "./config-checks.ts";
import { type Check, type Examination, examine } from "./examination.ts";
import { checkState, checkStateAccess, checkStateSchema, checkStateSync } from "./state-checks.ts";

export interface Doctor {
  /** Runs every check, or the one that is named. */
  readonly examine: (only: string | undefined) => Promise<Examination>;
}

export const createDoctor = (context: CommandContext, verbose: boolean): Doctor => {
  const checks: readonly (readonly [string, Check])[] = [
    ["config", () => checkConfig(context)],
    ["state", () => checkState(context)],
    ["state_schema", () => checkStateSchema(context)],
    ["adapters", () => checkAdapters(context)],
    ["pipelines", () => checkPipelines(context)],
    ["state_sync", () => checkStateSync(context)],
    ["state_rw", () => checkStateAccess(context)],
    ["auth", () => checkAuth(context)],
  ];
  return {
    examine: (only) =>
      examine(
        context,
        checks.filter(([name]) => only === undefined || name === only),
        verbose,
      ),
  };
};
