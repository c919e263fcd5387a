import { resolve } from "node:path";
import { type SelectionLike, selectionOf as compileSelection } from "../definitions/instigator-factories.ts";
import { AssetKey } from "../definitions/keys.ts";
import type { JsonObject } from "../definitions/metadata.ts";
import { type AssetNode, type CompiledRepository, requireJob, resolveSelection } from "../planning/index.ts";
import {
  type MaterializeOptions,
  type RunSummary,
  materialize as materializeInProcess,
} from "../testing/index.ts";
import { checkPartitions } from "./check-partitions.ts";
import { parseFlags, type ParsedFlags } from "./flags.ts";
import { loadProject } from "./load-project.ts";
import { type Program, UsageError } from "./program.ts";

const selectionOf = (parsed: ParsedFlags): readonly string[] =>
  parsed
    .list("select")
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
    .filter((text) => text !== "" && text !== "*");

/** Keys, joined by commas; anything that no key can look like is a selection. */
const isSelection = (text: string): boolean => /[:+*()]|\s/.test(text);

function selectionFrom(parsed: ParsedFlags): SelectionLike | undefined {
  const texts = parsed.list("select");
  const [only] = texts;
  if (only !== undefined && texts.length === 1 && only !== "*" && isSelection(only)) return only;
  const keys = selectionOf(parsed);
  return keys.length === 0 ? undefined : keys;
}

function runConfigFrom(parsed: ParsedFlags): JsonObject | undefined {
  const text = parsed.text("config-json");
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (error) {
    throw new UsageError(`--config-json is not valid JSON: ${(error as Error).message}`);
  }
  throw new UsageError('--config-json must be a JSON object, such as \'{"ops": {…}, "resources": {…}}\'');
}

const optionsOf = (parsed: ParsedFlags, signal: AbortSignal): MaterializeOptions => {
  const selection = selectionFrom(parsed);
  const runConfig = runConfigFrom(parsed);
  const jobName = parsed.text("job");
  const partition = parsed.text("partition");
  const range = parsed.text("partition-range")?.split("...");
  const [start, end] = range ?? [];
  if (range !== undefined && (range.length !== 2 || start === "" || end === "")) {
    throw new UsageError("--partition-range must be FIRST...LAST, such as 2026-11-01...2026-11-05");
  }
  return {
    signal,
    ...(selection === undefined ? {} : { selection }),
    ...(runConfig === undefined ? {} : { runConfig }),
    ...(jobName === undefined ? {} : { jobName }),
    ...(partition === undefined ? {} : { partitionKey: partition }),
    ...(start === undefined || end === undefined ? {} : { partitionRange: { start, end } }),
  };
};

const report = (summary: RunSummary): string => {
  const lines = summary.assets.map((asset) => {
    const partitions = asset.partitions.length === 0 ? "" : ` [${asset.partitions.join(", ")}]`;
    return `${asset.status.padEnd(12)} ${AssetKey.toUserString(asset.key)}${partitions}`;
  });
  for (const check of summary.checks) {
    const name = `${AssetKey.toUserString(check.key.assetKey)}:${check.key.name}`;
    lines.push(
      `${`check ${check.status}`.padEnd(12)} ${name}${check.description ? `: ${check.description}` : ""}`,
    );
  }
  for (const step of summary.steps) {
    if (step.error !== undefined) lines.push(`${"error".padEnd(12)} ${step.key}: ${step.error}`);
  }
  if (summary.error !== undefined) lines.push(`${"error".padEnd(12)} ${summary.error}`);
  lines.push(`run ${summary.success ? "succeeded" : "failed"} in ${summary.seconds.toFixed(2)} s`);
  return lines.join("\n");
};

const chosenAssets = (
  repository: CompiledRepository,
  { selection, jobName }: MaterializeOptions,
): readonly AssetNode[] => {
  if (selection === undefined) {
    return jobName === undefined
      ? repository.assetGraph.assets
      : [...requireJob(repository, jobName).selection.assets];
  }
  return [...resolveSelection(repository.assetGraph, compileSelection(selection)).assets];
};

/** `materialize --project DIR [--select A,B] [--partition P]`: a run without a Dagster host; 0 only when green. */
export const materialize = async (program: Program, argv: readonly string[]): Promise<number> => {
  const parsed = parseFlags(argv, {
    flags: {
      project: "text",
      select: "list",
      partition: "text",
      "partition-range": "text",
      job: "text",
      "config-json": "text",
      json: "switch",
    },
    aliases: { "-s": "select" },
  });
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    const projectRoot = resolve(parsed.text("project") ?? ".");
    const { loaded, repository } = await loadProject(program, projectRoot);
    if (repository.assetGraph.assets.every(({ op }) => op === undefined)) {
      throw new Error(
        `${projectRoot} has no assets that can be made. Components that keep state have none before ` +
          `\`${program.name} refresh\` has found some.`,
      );
    }
    const options = optionsOf(parsed, abort.signal);
    checkPartitions(
      chosenAssets(repository, options),
      [options.partitionKey, options.partitionRange?.start, options.partitionRange?.end].filter(
        (key) => key !== undefined,
      ),
    );
    const summary = await materializeInProcess(loaded.definitions, options);
    process.stdout.write(`${parsed.has("json") ? JSON.stringify(summary, null, 2) : report(summary)}\n`);
    return summary.success ? 0 : 1;
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
};
