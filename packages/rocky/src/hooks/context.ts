/** What hooks are told: JSON on standard input of commands, the body of webhooks. */
export interface HookContext {
  /** Config key of the event, such as `on_pipeline_start`. */
  readonly event: string;
  readonly runId: string;
  readonly pipeline: string;
  readonly timestamp: Date;
  readonly model?: string;
  readonly table?: string;
  readonly error?: string;
  readonly durationMs?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** The JSON form. The event goes without its `on_`, as hooks written for the original expect. */
export const hookPayload = (context: HookContext): Record<string, unknown> => ({
  event: context.event.replace(/^on_/, ""),
  run_id: context.runId,
  pipeline: context.pipeline,
  timestamp: context.timestamp.toISOString(),
  ...(context.model === undefined ? {} : { model: context.model }),
  ...(context.table === undefined ? {} : { table: context.table }),
  ...(context.error === undefined ? {} : { error: context.error }),
  ...(context.durationMs === undefined ? {} : { duration_ms: context.durationMs }),
  metadata: context.metadata ?? {},
});
