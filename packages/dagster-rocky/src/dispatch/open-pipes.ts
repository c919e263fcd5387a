import type { AssetExecutionContext, AssetKey } from "@dagster-rocky/dagster";
import type { OwedAsset } from "../events/ledger.ts";
import type { CallOptions, EngineEvent } from "../resource/index.ts";
import type { PipesMessage } from "../resource/pipes/messages.ts";
import { openPipesSession, type PipesSession } from "../resource/pipes/session.ts";
import type { CheckOrigin } from "./plans.ts";

/** Checks that the engine itself measures. */
const MEASURED: ReadonlySet<CheckOrigin> = new Set<CheckOrigin>(["builtin", "configured"]);

const LEVELS: Readonly<Record<string, EngineEvent["level"]>> = {
  DEBUG: "debug",
  INFO: "info",
  WARNING: "warn",
  ERROR: "error",
  CRITICAL: "error",
};

/** Opens a Pipes channel for one plan; what the engine logs through it goes to the run's log at once. */
export const openPipes = (
  context: AssetExecutionContext,
  planId: string,
  owed: readonly OwedAsset[],
  nativeName: (key: AssetKey) => string,
  call: CallOptions,
): PipesSession => {
  const declared = owed.map(({ key, checks }): readonly [string, readonly string[]] => [
    nativeName(key),
    checks.filter(({ origin }) => MEASURED.has(origin)).map(({ name }) => name),
  ]);
  const extras = { plan_id: planId, rocky_declared_checks: Object.fromEntries(declared) };
  return openPipesSession(context, extras, (message: PipesMessage) => {
    if (message.kind !== "log") return;
    const { level, message: text } = message.value;
    call.onEvent?.({ level: LEVELS[level.toUpperCase()] ?? "info", message: text });
  });
};
