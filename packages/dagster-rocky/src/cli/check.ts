import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadProject, type Program, UsageError } from "@dagster-rocky/dagster/cli";
import type { ResourceDefinition } from "@dagster-rocky/dagster";
import type { EngineEvent, RockyResource } from "../resource/index.ts";

const projectOf = (argv: readonly string[]): string => {
  try {
    const { values } = parseArgs({ args: [...argv], options: { project: { type: "string", default: "." } } });
    return resolve(values.project);
  } catch (error) {
    throw new UsageError(
      `${error instanceof Error ? error.message : String(error)}; usage: dagster-rocky check [--project DIR]`,
    );
  }
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What every component notes under a label of its own. */
const notes = (metadata: Readonly<Record<string, unknown>>, label: string): readonly string[] =>
  Object.entries(metadata)
    .filter(([key]) => key.startsWith(`${label}/`))
    .flatMap(([, value]) => (Array.isArray(value) ? value : []))
    .filter((entry) => typeof entry === "string");

const isResource = (value: unknown): value is RockyResource =>
  typeof value === "object" && value !== null && "doctor" in value;

/** Asks one component's engine how it is. True when nothing is critical. */
const examine = async (key: string, definition: ResourceDefinition): Promise<boolean> => {
  const resource = await definition.create({ config: {}, resources: {} });
  if (!isResource(resource)) return true;
  const onEvent = ({ level, message }: EngineEvent): void => {
    if (level !== "debug") say(`${key}: ${message}`);
  };
  try {
    const report = await resource.doctor({}, { onEvent });
    say(`${key}: doctor says ${report.overall}`);
    for (const { name, status, message } of report.checks)
      if (status !== "healthy") say(`${key}: ${status} ${name}: ${message}`);
    return report.overall !== "critical";
  } catch (error) {
    say(`${key}: the engine cannot be asked: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  } finally {
    await definition.dispose?.(resource);
  }
};

/** `check --project DIR`: loads the project and asks its engine; 1 when either has a problem. */
export const check = async (program: Program, argv: readonly string[]): Promise<number> => {
  const { loaded, repository } = await loadProject(program, projectOf(argv));
  const { assets, checks } = repository.assetGraph;
  const { metadata, resources } = loaded.definitions;
  say(`${loaded.name}: ${assets.length} assets, ${checks.length} checks`);
  const problems = notes(metadata, "rocky/load_problems");
  const stale = notes(metadata, "rocky/refresh_failures");
  for (const problem of problems) say(`problem: ${problem}`);
  for (const failure of stale) say(`the last refresh failed in part: ${failure}`);
  let healthy = problems.length === 0;
  for (const [key, definition] of Object.entries(resources))
    healthy = (await examine(key, definition)) && healthy;
  return healthy ? 0 : 1;
};
