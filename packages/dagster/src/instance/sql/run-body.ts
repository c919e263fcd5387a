import { asObject, isRecord, type JsonRecord, parseJson, readTextMap, writeWire } from "../../wire/index.ts";

const RUN_CLASS = "PipelineRun";

/** What the worker may change of a serialised run; every other byte of it stays as the host wrote it. */
export interface RunBodyChange {
  readonly status?: string;
  /** Merged over the tags that are there. */
  readonly tags?: Readonly<Record<string, string>>;
}

export function rewriteRunBody(body: string, change: RunBodyChange): string {
  const run = asObject(parseJson(body), RUN_CLASS);
  const next: Record<string, JsonRecord[string]> = { ...run };
  if (change.status !== undefined) next.status = { __enum__: `PipelineRunStatus.${change.status}` };
  if (change.tags !== undefined) next.tags = { ...(isRecord(run.tags) ? run.tags : {}), ...change.tags };
  return writeWire(next);
}

export const runTags = (body: string): Readonly<Record<string, string>> =>
  readTextMap(asObject(parseJson(body), RUN_CLASS).tags);
