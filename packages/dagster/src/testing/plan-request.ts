import { InvalidSubsetError } from "../definitions/errors.ts";
import { selectionOf } from "../definitions/instigator-factories.ts";
import { type AssetCheckKey, AssetKey } from "../definitions/keys.ts";
import {
  ASSET_JOB,
  type CompiledJob,
  type CompiledRepository,
  type EntitySelection,
  type PlanRequest,
  requireJob,
  resolveSelection,
} from "../planning/index.ts";
import type { MaterializeOptions } from "./materialize.ts";

/** What the run asks for. Throws `InvalidSubsetError` when it selects nothing, or what its job does not make. */
export function planRequest(repository: CompiledRepository, options: MaterializeOptions): PlanRequest {
  const { selection, checks, jobName = ASSET_JOB } = options;
  if (selection === undefined)
    return { jobName, ...(checks === undefined ? {} : { checkSelection: checks }) };
  const selected = resolveSelection(repository.assetGraph, selectionOf(selection));
  const checkSelection = checks ?? checksBesides(selected);
  // To the host, a selection of nothing means everything.
  if (selected.assets.size === 0 && (checkSelection ?? []).length === 0) {
    throw new InvalidSubsetError("the selection holds nothing that can be materialized");
  }
  if (options.jobName !== undefined) refuseOthers(selected, requireJob(repository, jobName));
  return {
    jobName,
    assetSelection: [...selected.assets].map((asset) => asset.key),
    ...(checkSelection === undefined ? {} : { checkSelection }),
  };
}

/** The selected checks, unless they are just those of the selected assets. */
function checksBesides({ assets, checks }: EntitySelection): readonly AssetCheckKey[] | undefined {
  const own = [...assets].flatMap((asset) => asset.checks);
  const areOwn = own.length === checks.size && own.every((check) => checks.has(check));
  return areOwn ? undefined : [...checks].map((check) => check.key);
}

function refuseOthers({ assets }: EntitySelection, { name, selection }: CompiledJob): void {
  for (const asset of assets) {
    if (selection.assets.has(asset)) continue;
    throw new InvalidSubsetError(
      `asset \`${AssetKey.toUserString(asset.key)}\` was selected, but job \`${name}\` does not make it`,
    );
  }
}
