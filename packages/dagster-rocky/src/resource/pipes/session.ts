import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import type { AssetExecutionContext } from "@dagster-rocky/dagster";
import { AssetKey } from "@dagster-rocky/dagster";
import { type PipesMessage, parseMessage } from "./messages.ts";

/** What the engine is told besides Dagster's own facts. */
export type PipesExtras = Readonly<Record<string, unknown>>;

/** One engine process's Pipes channel: a context file it reads and a messages file it writes. */
export interface PipesSession {
  /** The variables that tell the engine where the files are. */
  readonly env: Readonly<Record<string, string>>;
  /** Everything reported so far. */
  readonly messages: readonly PipesMessage[];
  /** Reads the rest and removes the files. */
  close(): void;
}

const POLL_MS = 200;
const CHUNK = 65_536;

/** Dagster passes Pipes parameters as base64 of zlib-compressed JSON. */
const parameter = (value: object): string => deflateSync(JSON.stringify(value)).toString("base64");

const contextData = (context: AssetExecutionContext, extras: PipesExtras): object => ({
  asset_keys: context.selectedAssetKeys.map(AssetKey.toUserString),
  code_version_by_asset_key: null,
  provenance_by_asset_key: null,
  partition_key: context.partitionKey ?? null,
  partition_key_range: context.partitionKeyRange ?? null,
  partition_time_window: null,
  run_id: context.runId,
  job_name: context.jobName,
  retry_number: context.retryNumber,
  extras,
});

/** Opens the channel and hears messages as they are written. */
export const openPipesSession = (
  context: AssetExecutionContext,
  extras: PipesExtras,
  onMessage: (message: PipesMessage) => void,
): PipesSession => {
  const folder = mkdtempSync(join(tmpdir(), "rocky-pipes-"));
  const contextPath = join(folder, "context");
  const messagesPath = join(folder, "messages");
  writeFileSync(contextPath, JSON.stringify(contextData(context, extras)));
  writeFileSync(messagesPath, "");
  const file = openSync(messagesPath, "r");
  const messages: PipesMessage[] = [];
  const decoder = new TextDecoder();
  const buffer = Buffer.alloc(CHUNK);
  let rest = "";

  const take = (line: string): void => {
    const message = parseMessage(line);
    if (message === undefined) return;
    messages.push(message);
    onMessage(message);
  };
  const read = (): void => {
    for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) {
      const lines = (rest + decoder.decode(buffer.subarray(0, size), { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(take);
    }
  };
  const timer = setInterval(read, POLL_MS);

  return {
    env: {
      DAGSTER_PIPES_CONTEXT: parameter({ path: contextPath }),
      DAGSTER_PIPES_MESSAGES: parameter({ path: messagesPath }),
    },
    messages,
    close() {
      clearInterval(timer);
      read();
      take(rest);
      closeSync(file);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
