import type { CheckNode, CompiledRepository } from "../planning/index.ts";
import { presetTemplate, type WireFilled, wireTemplate } from "../wire/index.ts";
import { automationTree } from "./automation.ts";
import { type JobMembership, jobMembership } from "./job-membership.ts";
import { filledKey } from "./keys.ts";
import { partitionsData } from "./partitions.ts";
import { sharedTemplates } from "./shared-templates.ts";
import { SharedTexts } from "./shared-texts.ts";

/** `ExternalAssetCheck`s, ordered by asset key and name. */
export function* checkNodes(repository: CompiledRepository): Generator<WireFilled, void, undefined> {
  const jobs = jobMembership(repository);
  const shared = new SharedTexts();
  const ownTemplate = sharedTemplates<CheckNode, string, "asset_key">(
    ({ spec, op }) => (op.checks.length > 1 ? spec.key.name : undefined),
    (check) => checkSources(check, jobs),
    (check) => presetTemplate(filledCheck, checkFields(check, jobs, shared)),
  );
  for (const check of repository.assetGraph.checks) {
    const asset_key = shared.keyOf(check.asset);
    const template = ownTemplate(check);
    yield template === undefined
      ? filledCheck(Object.assign(checkFields(check, jobs, shared), { asset_key }))
      : template({ asset_key });
  }
}

const filledCheck = wireTemplate(
  "ExternalAssetCheck",
  [
    "name",
    "asset_key",
    "description",
    "atomic_execution_unit_id",
    "job_names",
    "blocking",
    "additional_asset_keys",
    "automation_condition",
    "partitions_def_snapshot",
  ],
  { automation_condition_snapshot: null },
);

/** What all but the key is made from, beside the name. */
const checkSources = (check: CheckNode, jobs: JobMembership): readonly unknown[] => {
  const { spec, op, additionalParents } = check;
  const sources = [
    op,
    jobs.namesOf(check),
    spec.description,
    spec.blocking,
    spec.automationCondition,
    spec.partitionsDef,
  ];
  return additionalParents.length === 0 ? sources : [...sources, ...additionalParents];
};

function checkFields(check: CheckNode, jobs: JobMembership, shared: SharedTexts) {
  const { spec } = check;
  return {
    name: check.key.name,
    description: spec.description ?? null,
    atomic_execution_unit_id: shared.executionUnit(check.op),
    job_names: shared.list(jobs.namesOf(check)),
    blocking: spec.blocking,
    additional_asset_keys: check.additionalParents.map(({ key }) => filledKey(key)),
    automation_condition: shared.once(spec.automationCondition, (condition) =>
      automationTree(condition.tree),
    ),
    partitions_def_snapshot: shared.once(
      spec.partitionsDef ?? check.op.definition.partitionsDef,
      partitionsData,
    ),
  };
}
