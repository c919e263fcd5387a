import {
  AssetKey,
  type AssetsDefinition,
  type ResourceDefinition,
  type SensorDefinition,
} from "@dagster-rocky/dagster";
import type { Definitions, MetadataInput } from "@dagster-rocky/dagster";
import { RockyComponentError } from "../component-error.ts";
import type { ShownGraph } from "../../resource/outputs/graph.ts";
import type { BuildContext } from "./build-context.ts";
import { dagGroups } from "./dag.ts";
import { derivedGroups } from "./derived.ts";
import { annotateSources, optimizeMetadata } from "./optimize-metadata.ts";
import { showProblems } from "./show-problems.ts";
import { sourceGroups } from "./source-groups.ts";
import { warnOfDiscovery } from "./discovery-warnings.ts";
import { tenantGroups } from "./tenant.ts";

/** Builds what a state says. Linear in the number of assets; reaches nothing outside. */
export function buildDefinitions(
  context: BuildContext,
  resource: ResourceDefinition,
  sensorFor: (assets: readonly AssetsDefinition[]) => SensorDefinition | undefined,
): Definitions {
  warnOfDiscovery(context);
  const dag = chooseDag(context);
  const built = dag ? dagGroups(context, dag) : defaultGroups(context);
  const assets = showProblems(context, built);
  const sensor = dag || assets.length === 0 ? undefined : sensorFor(assets);
  return Object.freeze({
    assets,
    assetChecks: [],
    jobs: [],
    schedules: [],
    sensors: sensor ? [sensor] : [],
    resources: { [context.resourceKey]: resource },
    metadata: locationMetadata(context),
  });
}

function defaultGroups(context: BuildContext): readonly AssetsDefinition[] {
  const { options, state } = context;
  if (options.strictBuild && state.discover.sources.length === 0) {
    throw new RockyComponentError(
      "NOTHING_DISCOVERED",
      "strict_build: the state holds no sources. Check that the engine discovers them " +
        `("rocky discover") and refresh the state.`,
    );
  }
  const replicated = options.tenant ? tenantGroups(context, options.tenant) : sourceGroups(context);
  const sources = options.surfaceOptimizeMetadata
    ? annotateSources(replicated, optimizeMetadata(state.optimize))
    : replicated;
  if (!options.surfaceDerivedModels) return sources;
  const taken = new Set(sources.flatMap(({ specs }) => specs.map((spec) => AssetKey.id(spec.key))));
  return [...sources, ...derivedGroups(context, taken)];
}

const NEWEST_KNOWN_GRAPH = 1;

/** The graph to show in `dag_mode`; undefined means the default assets. */
function chooseDag(context: BuildContext): ShownGraph | undefined {
  const { options, state, log } = context;
  if (!options.dagMode) return undefined;
  const rewrite = 'Write the state again with "dagster-rocky refresh".';
  if (state.dag) {
    const version = Number(state.dag.schemaVersion);
    if (version > NEWEST_KNOWN_GRAPH) {
      log.warn(`The engine's graph has schema version ${version}; this version knows ${NEWEST_KNOWN_GRAPH}.`);
    }
    if (state.dag.columnLineageUnavailable) {
      log.info(`The engine gave no column lineage: ${state.dag.columnLineageUnavailable}`);
    }
    return state.dag;
  }
  if (state.dagStatus === "failed") {
    throw stale(
      `dag_mode: the last refresh could not read the graph: ${state.dagError ?? "no reason kept"}. ${rewrite}`,
    );
  }
  if (state.dagStatus === "disabled") {
    throw stale(`dag_mode is on, but the state was written while it was off. ${rewrite}`);
  }
  if (state.dagStatus !== undefined) {
    throw stale(
      `dag_mode: the state says dag_status ${JSON.stringify(state.dagStatus)} and holds no graph. ${rewrite}`,
    );
  }
  if (options.strictBuild) {
    throw stale(
      `strict_build: dag_mode is on, but the state was written by a version that kept no graph. ${rewrite}`,
    );
  }
  log.warn(`dag_mode is on, but the state holds no graph; replicated tables are shown instead. ${rewrite}`);
  return undefined;
}

const stale = (message: string): RockyComponentError => new RockyComponentError("STATE_STALE", message);

/** Labels end in the state key: a location may hold several components. */
function locationMetadata({ problems, state, options }: BuildContext): MetadataInput {
  const { messages } = problems;
  const { key } = options.defsState;
  const failures = state.refreshFailures.map(({ call, at, reason }) => `${at} ${call}: ${reason}`);
  return {
    ...(messages.length > 0 ? { [`rocky/load_problems/${key}`]: [...messages] } : {}),
    ...(failures.length > 0 ? { [`rocky/refresh_failures/${key}`]: failures } : {}),
  };
}
