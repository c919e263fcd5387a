import { reasonOf } from "../component-error.ts";
import { projectFingerprint } from "./fingerprint.ts";
import { lineageEdges } from "./slots.ts";
import type { WriteStateInput } from "./write-state.ts";
import { isObject } from "../json.ts";

/**
 * Column lineage of all models, or the kept one when no model changed since it was asked. One call for the
 * whole project; engines that cannot do that are asked model by model.
 */
export async function lineageOfProject(
  input: WriteStateInput,
  compile: unknown,
  previousCompile: unknown,
): Promise<unknown> {
  const { options, engine, signal, projectRoot } = input;
  const version = isObject(compile) ? String(compile.version) : "";
  const { configPath, modelsDir } = options;
  const fingerprint = await projectFingerprint({ projectRoot, configPath, modelsDir, engine: version });
  const kept = isObject(previousCompile) ? previousCompile.upstream_reads : undefined;
  if (isObject(kept) && kept.fingerprint === fingerprint) return kept;

  const call = signal ? { signal } : {};
  try {
    const dag = await engine.payload("dag", { columnLineage: true, modelsDir }, call);
    if (isObject(dag) && Array.isArray(dag.column_lineage)) {
      return { fingerprint, column_lineage: lineageEdges(dag.column_lineage) };
    }
    // Usual where no pipeline holds the models: the engine's graph is one of pipelines.
    const reason = isObject(dag) ? dag.column_lineage_unavailable : undefined;
    const because = typeof reason === "string" ? reason : "the engine's graph holds no columns";
    input.log.info(`Column lineage: ${because}, so each model is asked for its own.`);
  } catch (error) {
    signal?.throwIfAborted();
    input.log.info(`Column lineage is asked model by model: ${reasonOf(error)}`);
  }
  return { fingerprint, column_lineage: lineageEdges(await modelByModel(input, modelNames(compile))) };
}

const AT_ONCE = 8;

/** A model whose lineage cannot be had is left out; all of them failing is a failure. */
async function modelByModel(input: WriteStateInput, models: readonly string[]): Promise<readonly unknown[]> {
  const edges: unknown[] = [];
  const waiting = [...models];
  let lastError: unknown;
  let answered = 0;
  const worker = async () => {
    for (let model = waiting.pop(); model !== undefined; model = waiting.pop()) {
      try {
        const call = input.signal ? { signal: input.signal } : {};
        const lineage = await input.engine.payload("lineage", { target: model }, call);
        if (Array.isArray(lineage.edges)) edges.push(...lineage.edges.filter(leadsTo(model)));
        answered++;
      } catch (error) {
        input.signal?.throwIfAborted();
        lastError = error;
        input.log.warn(`No column lineage for model ${model}: ${reasonOf(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, models.length) }, worker));
  if (answered === 0 && lastError !== undefined) throw lastError;
  return edges;
}

/** The answer about one model also holds the edges that leave it, which its readers' answers repeat. */
const leadsTo =
  (model: string) =>
  (edge: unknown): boolean =>
    isObject(edge) && isObject(edge.target) && edge.target.model === model;

function modelNames(compile: unknown): readonly string[] {
  const models = isObject(compile) && Array.isArray(compile.models_detail) ? compile.models_detail : [];
  return models.flatMap((model) => (isObject(model) && typeof model.name === "string" ? [model.name] : []));
}
