import type { CommandContext } from "../commands/context.ts";

type Emit = CommandContext["emit"];
export type EventFields = Readonly<Record<string, string | number | boolean | null>>;

/** How an asset key is written in event fields. */
export const keyText = (assetKey: readonly string[]): string => assetKey.join("/");

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;

/** What a run says while it works. Readers match on `fields.event`; the texts are for people. */
export const runEvents = (emit: Emit) => ({
  runStarted: (runId: string, pipeline: string): void =>
    emit({
      level: "info",
      message: `run ${runId} of ${pipeline} started`,
      fields: { event: "run_started", run_id: runId, pipeline },
    }),
  runFinished: (runId: string, status: string, durationMs: number): void =>
    emit({
      level: "info",
      message: `run ${runId} finished: ${status} in ${seconds(durationMs)}`,
      fields: { event: "run_finished", run_id: runId, status, duration_ms: durationMs },
    }),
  started: (kind: "table" | "model", assetKey: readonly string[], extra: EventFields = {}): void =>
    emit({
      level: "info",
      message: `${kind} ${keyText(assetKey)} started`,
      fields: { event: `${kind}_started`, asset_key: keyText(assetKey), ...extra },
    }),
  /** `rows` is undefined for what holds no rows of its own, such as a view. */
  finished: (
    kind: "table" | "model",
    assetKey: readonly string[],
    rows: number | undefined,
    durationMs: number,
    extra: EventFields = {},
  ): void =>
    emit({
      level: "info",
      message: `${kind} ${keyText(assetKey)} finished${rows === undefined ? "" : `: ${rows} rows`} in ${seconds(durationMs)}`,
      fields: {
        event: `${kind}_finished`,
        asset_key: keyText(assetKey),
        ...(rows === undefined ? {} : { rows }),
        duration_ms: durationMs,
        ...extra,
      },
    }),
  failed: (kind: "table" | "model", assetKey: readonly string[], error: string): void =>
    emit({
      level: "error",
      message: `${kind} ${keyText(assetKey)} failed: ${error}`,
      fields: { event: `${kind}_failed`, asset_key: keyText(assetKey), error },
    }),
  check: (assetKey: readonly string[], name: string, passed: boolean, severity: string): void =>
    emit({
      level: passed ? "info" : severity === "error" ? "error" : "warn",
      message: `check ${name} of ${keyText(assetKey)} ${passed ? "passed" : "failed"}`,
      fields: { event: "check_finished", asset_key: keyText(assetKey), check: name, passed, severity },
    }),
  skipped: (assetKey: readonly string[], reason: string): void =>
    emit({
      level: "info",
      message: `model ${keyText(assetKey)} skipped: ${reason}`,
      fields: { event: "model_skipped", asset_key: keyText(assetKey), reason },
    }),
  /** Before the checks of a table, if there are any; a hook may stop the run there. */
  checksStart: async (
    anyChecks: boolean,
    assetKey: readonly string[],
    { settleHooks }: Pick<CommandContext, "settleHooks">,
  ): Promise<void> => {
    if (!anyChecks) return;
    const asset = keyText(assetKey);
    emit({
      level: "debug",
      message: `checks of ${asset} started`,
      fields: { event: "checks_started", asset_key: asset },
    });
    await settleHooks?.();
  },
  /** A fact that nobody needs to read, for those who listen. */
  note: (event: string, fields: EventFields): void =>
    emit({ level: "debug", message: event.replaceAll("_", " "), fields: { event, ...fields } }),
  warn: (message: string, fields: EventFields = {}): void => emit({ level: "warn", message, fields }),
});

export type RunEvents = ReturnType<typeof runEvents>;
