import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parse } from "smol-toml";

export interface ConfiguredPipeline {
  readonly name: string;
  readonly type: string;
}

/**
 * The pipelines of a `rocky.toml`, or undefined when it cannot be read. Only the engine checks the file;
 * this looks just far enough to know whether `discover` has to be asked pipeline by pipeline.
 */
export async function configuredPipelines(
  projectRoot: string,
  configPath: string,
): Promise<readonly ConfiguredPipeline[] | undefined> {
  try {
    const text = await readFile(resolve(projectRoot, configPath), "utf8");
    return pipelinesIn(parse(withoutEnvironment(text)).pipeline);
  } catch {
    return undefined;
  }
}

/** Values of variables do not matter here, only that the text around them is TOML. */
const withoutEnvironment = (text: string): string =>
  text.replace(/\$\{[^}:]+(?::-([^}]*))?\}/g, (_match, fallback: string | undefined) => fallback ?? "0");

/** Keys that mean a single unnamed pipeline when they stand directly under `[pipeline]`. */
const SHORTHAND = ["source", "type", "models", "tables", "unique_key", "source_dir"];

function pipelinesIn(value: unknown): readonly ConfiguredPipeline[] {
  if (!isTable(value)) return [];
  if (SHORTHAND.some((key) => key in value)) return [{ name: "default", type: typeOf(value) }];
  return Object.entries(value).flatMap(([name, pipeline]) =>
    isTable(pipeline) ? [{ name, type: typeOf(pipeline) }] : [],
  );
}

const typeOf = (pipeline: Readonly<Record<string, unknown>>): string =>
  typeof pipeline.type === "string" ? pipeline.type : "replication";

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
