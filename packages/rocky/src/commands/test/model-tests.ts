import type { Session } from "../../adapters/adapter.ts";
import type { CompiledModel, CompiledProject } from "../../compile/index.ts";
import { fillWindow } from "../../run/strategies/statements.ts";
import { createSchema, scratchName } from "../scratch.ts";

export interface ModelTestResult {
  readonly model: string;
  readonly status: "pass" | "fail";
  readonly error?: string;
}

/** Wide enough for every row, so that a model built by intervals is built once. */
export const ALL_TIME = { start: "1900-01-01 00:00:00", end: "2999-12-31 00:00:00" } as const;

/** Builds every model in order, each as a table of the scratch database; of the results only `only` is kept. */
export const runModelTests = async (
  session: Session,
  project: CompiledProject,
  only: string | undefined,
): Promise<readonly ModelTestResult[]> => {
  const results = new Map<string, ModelTestResult>();
  const wanted = only === undefined ? undefined : withUpstream(project, only);
  for (const name of project.layers.flat()) {
    const model = project.models.get(name);
    if (model === undefined || wanted?.has(name) === false) continue;
    const error = await buildModel(session, model);
    results.set(
      name,
      error === undefined ? { model: name, status: "pass" } : { model: name, status: "fail", error },
    );
  }
  return [...project.models.keys()].flatMap((name) =>
    only === undefined || name === only ? (results.get(name) ?? []) : [],
  );
};

const buildModel = async (
  session: Session,
  { model, sql, errors }: CompiledModel,
): Promise<string | undefined> => {
  const [first] = errors;
  if (first !== undefined) return `${first.code}: ${first.message}`;
  try {
    await createSchema(session, model.target);
    const query = fillWindow(sql, ALL_TIME.start, ALL_TIME.end);
    await session.execute(`CREATE OR REPLACE TABLE ${scratchName(model.target)} AS\n${query}`);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
};

/** The model and everything that has to exist before it. */
const withUpstream = (project: CompiledProject, name: string): ReadonlySet<string> => {
  const found = new Set<string>();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    const model = project.models.get(next);
    waiting.push(...(model?.dependsOn ?? []), ...(model?.runsAfter ?? []));
  }
  return found;
};
