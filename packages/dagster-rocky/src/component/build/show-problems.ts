import { type AssetSpec, type AssetsDefinition, MetadataValue } from "@dagster-rocky/dagster";
import type { RefreshFailure, StateCall } from "../state/state.ts";
import type { BuildContext } from "./build-context.ts";

/**
 * Puts on assets what is wrong with them: problems found while building, and refreshes that failed and
 * left them as an earlier one had seen them. Nothing is copied when all is well.
 */
export function showProblems(
  context: BuildContext,
  definitions: readonly AssetsDefinition[],
): readonly AssetsDefinition[] {
  const { problems, state } = context;
  if (problems.messages.length === 0 && state.refreshFailures.length === 0) return definitions;
  return definitions.map((definition) => {
    const failure = staleText(
      definition,
      state.refreshFailures,
      context.options.dagMode && state.dag !== undefined,
    );
    return {
      ...definition,
      specs: definition.specs.map((spec) => marked(spec, problems.of(spec.key), failure)),
    };
  });
}

function marked(spec: AssetSpec, problems: readonly string[], failure: string | undefined): AssetSpec {
  if (problems.length === 0 && failure === undefined) return spec;
  const notes: Record<string, MetadataValue> = {};
  if (problems.length > 0) notes["rocky/load_problem"] = MetadataValue.text(problems.join("\n"));
  if (failure !== undefined) notes["rocky/refresh_failure"] = MetadataValue.text(failure);
  return { ...spec, metadata: { ...spec.metadata, ...notes } };
}

/** Which call the assets come from: outside the graph, only models are made as a whole. */
function callOf(definition: AssetsDefinition, dagMode: boolean): StateCall {
  if (dagMode) return "dag";
  return definition.launchedTogether ? "compile" : "discover";
}

function staleText(
  definition: AssetsDefinition,
  failures: readonly RefreshFailure[],
  isGraph: boolean,
): string | undefined {
  const call = callOf(definition, isGraph);
  const failure = failures.find((candidate) => candidate.call === call);
  if (!failure) return undefined;
  const shown = failure.keptPrevious ? " An earlier answer is shown." : "";
  return `"${call}" failed at ${failure.at}: ${failure.reason}.${shown}`;
}
