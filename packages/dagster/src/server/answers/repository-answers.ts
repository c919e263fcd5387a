import { planRun, requireJob, resolveRunConfig } from "../../planning/index.ts";
import {
  jobData,
  jobSnapshotId,
  listRepositories,
  planSnapshot,
  readAssetCheckKeys,
  readAssetKeys,
  repositorySnapshot,
  subsetResult,
} from "../../snapshot/index.ts";
import {
  asObject,
  currentTable,
  type Json,
  type JsonRecord,
  readItems,
  readObject,
  readText,
  type WireValue,
  wireText,
} from "../../wire/index.ts";
import { readRunConfig } from "../../worker/run/run-row.ts";
import { libraryVersion } from "../library-version.ts";
import { repositoryLoadData } from "./load-data.ts";
import type { LocationContext } from "./location-context.ts";

const stateOf = ({ loaded }: LocationContext) =>
  loaded.stateInfo === undefined ? {} : { defsState: loaded.stateInfo };

export const listAnswer = (context: LocationContext): WireValue => {
  const { identity, repository, projectRoot } = context;
  const { containerImage } = identity;
  return listRepositories({
    repositoryName: repository.name,
    executablePath: identity.executablePath,
    entryPoint: identity.entryPoint,
    workingDirectory: projectRoot,
    libraryVersions: { dagster: currentTable.version, "@dagster-rocky/dagster": libraryVersion() },
    ...(containerImage === undefined ? {} : { containerImage }),
    ...(identity.containerContext === undefined
      ? {}
      : { containerContext: wireText(identity.containerContext) }),
    ...stateOf(context),
  });
};

export const repositoryAnswer = (context: LocationContext, deferJobs: boolean): WireValue => {
  const { loaded, repository } = context;
  const components = loaded.components.map(({ key, typeName, stateKey, managementType }) => ({
    key,
    typeName,
    ...(stateKey === undefined ? {} : { defsStateKey: stateKey }),
    ...(managementType === undefined ? {} : { managementType }),
  }));
  return repositorySnapshot(repository, {
    deferJobs,
    ...(components.length === 0 ? {} : { components }),
    ...stateOf(context),
  });
};

export const jobAnswer = ({ repository }: LocationContext, jobName: string): WireValue => {
  const job = requireJob(repository, jobName);
  return jobData(job, job.graph);
};

const jobNameOf = (args: JsonRecord): string =>
  readText(asObject(args.pipeline_origin, "ExternalPipelineOrigin").pipeline_name) ?? "";

/** The host leaves the set of checks out, sends an empty one, or names them: three different wishes. */
const selectionOf = (args: JsonRecord) => {
  const assetSelection = readAssetKeys(args.asset_selection);
  const checkSelection = readAssetCheckKeys(args.asset_check_selection);
  return { assetSelection, checkSelection };
};

export const subsetAnswer = ({ repository }: LocationContext, text: string): WireValue => {
  const args = readObject(text, "PipelineSubsetSnapshotArgs");
  const jobName = jobNameOf(args);
  const parentId = jobSnapshotId(requireJob(repository, jobName));
  return subsetResult(repository, { jobName, ...selectionOf(args) }, parentId);
};

const stepKeys = (value: Json | undefined): readonly string[] | undefined =>
  readItems(value)?.map((key) => readText(key) ?? "");

export const planAnswer = ({ repository, loaded }: LocationContext, text: string): WireValue => {
  const args = readObject(text, "ExecutionPlanSnapshotArgs");
  const { assetSelection, checkSelection } = selectionOf(args);
  const stepKeysToExecute = stepKeys(args.step_keys_to_execute);
  const plan = planRun(repository, {
    jobName: jobNameOf(args),
    ...(assetSelection === undefined ? {} : { assetSelection }),
    ...(checkSelection === undefined ? {} : { checkSelection }),
    ...(stepKeysToExecute === undefined ? {} : { stepKeysToExecute }),
  });
  // A wrong config is better known before the run exists. What only the worker's environment holds is not looked at.
  resolveRunConfig({
    job: plan.job,
    steps: plan.steps.map(({ key, node }) => ({ key, definition: node.op.definition })),
    runConfig: readRunConfig(args.run_config),
  });
  const known = args.known_state;
  return planSnapshot(plan, {
    jobSnapshotId: readText(args.pipeline_snapshot_id) ?? "",
    ...(known === null || known === undefined ? {} : { knownState: known }),
    repositoryLoadData: repositoryLoadData(loaded.reconstruction),
  });
};
