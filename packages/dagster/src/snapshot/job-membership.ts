import {
  ASSET_JOB,
  type AssetNode,
  type CheckNode,
  type CompiledJob,
  type CompiledRepository,
  type JobNode,
} from "../planning/index.ts";

/** Which jobs hold an asset or check. */
export interface JobMembership {
  /** In the order of the names; the same list for entities with the same jobs. */
  namesOf(entity: AssetNode | CheckNode): readonly string[];
  /** The node that stands for an asset in the UI: that of the first job that holds it. */
  primaryNode(asset: AssetNode): JobNode | undefined;
}

const NONE: readonly string[] = [];
const ONLY_ASSET_JOB: readonly string[] = [ASSET_JOB];

/** The asset job holds everything that can run, so only the other jobs need an index. */
export function jobMembership({ jobs, jobByName }: CompiledRepository): JobMembership {
  const before = new Map<AssetNode | CheckNode, CompiledJob[]>();
  const after = new Map<AssetNode | CheckNode, CompiledJob[]>();
  let index = before;
  for (const job of jobs) {
    if (job.name === ASSET_JOB) {
      index = after;
      continue;
    }
    for (const entity of [...job.selection.assets, ...job.selection.checks]) {
      const known = index.get(entity);
      if (known === undefined) index.set(entity, [job]);
      else known.push(job);
    }
  }
  const assetJob = jobByName.get(ASSET_JOB);
  const names = (found: readonly CompiledJob[] | undefined): readonly string[] =>
    found?.map((job) => job.name) ?? NONE;
  // Few combinations of jobs are in use; equal ones are one list.
  const lists = new Map<string, readonly string[]>();
  const oneOf = (list: readonly string[]): readonly string[] => {
    const id = list.join("\n");
    const known = lists.get(id) ?? list;
    lists.set(id, known);
    return known;
  };
  return {
    namesOf: (entity) => {
      if (entity.op === undefined) return NONE;
      const early = before.get(entity);
      const late = after.get(entity);
      if (early === undefined && late === undefined) return ONLY_ASSET_JOB;
      return oneOf([...names(early), ASSET_JOB, ...names(late)]);
    },
    primaryNode: (asset) => {
      if (asset.op === undefined) return undefined;
      const job = before.get(asset)?.[0] ?? assetJob;
      return job?.graph.nodeOf(asset);
    },
  };
}
