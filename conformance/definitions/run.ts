/**
 * Writes snapshots, jobs, subsets and plans of the definitions in `shapes/*.ts` and lets Dagster compare them with
 * those of `shapes/*.py`, object by object. The interpreter with Dagster is in PEER_PYTHON.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AssetKey, AssetSelection, Definitions } from "../../packages/dagster/src/index.ts";
import {
  ASSET_JOB,
  compileRepository,
  planRun,
  resolveSelection,
  selectNodes,
} from "../../packages/dagster/src/planning/index.ts";
import {
  jobData,
  jobSnapshotId,
  planSnapshot,
  repositorySnapshot,
} from "../../packages/dagster/src/snapshot/index.ts";
import { writeWire } from "../../packages/dagster/src/wire/index.ts";
import { loadDefsYamlCases } from "./defs-yaml.ts";
import { selections } from "./selections.ts";
import { conditionMethods } from "./shapes/automation.ts";
import { sets } from "./shapes/index.ts";
import { subsets } from "./shapes/subsets.ts";

const folder = mkdtempSync(join(tmpdir(), "definitions-"));
const save = (name: string, text: string): void => writeFileSync(join(folder, `${name}.json`), text);

for (const [name, make] of Object.entries(sets)) {
  const repository = compileRepository(make());
  save(`${name}.repository`, writeWire(repositorySnapshot(repository, { deferJobs: true })));
  for (const job of repository.jobs) {
    save(`${name}.job.${job.name}`, writeWire(jobData(job, job.graph)));
    const plan = planRun(repository, { jobName: job.name });
    save(`${name}.plan.${job.name}`, writeWire(planSnapshot(plan, { jobSnapshotId: "SNAPID" })));
  }
  const base = repository.jobByName.get(ASSET_JOB);
  for (const [label, { assets, checks }] of Object.entries(subsets[name] ?? {})) {
    const selection = {
      assets: assets.map((key) => key.path),
      checks: checks?.map((key) => [key.assetKey.path, key.name]) ?? null,
    };
    const request = {
      jobName: ASSET_JOB,
      assetSelection: assets,
      ...(checks === undefined ? {} : { checkSelection: checks }),
    };
    try {
      if (base === undefined) throw new Error("there is no asset job");
      const lineage = {
        parentSnapshotId: jobSnapshotId(base),
        assetSelection: assets,
        checkSelection: checks,
      };
      const job = writeWire(jobData(base, selectNodes(repository, request), lineage));
      const plan = writeWire(planSnapshot(planRun(repository, request), { jobSnapshotId: "SNAPID" }));
      save(`${name}.subset.${label}`, JSON.stringify({ selection, job, plan }));
    } catch (error) {
      save(`${name}.subset.${label}`, JSON.stringify({ selection, job: null, error: String(error) }));
    }
  }
}

const { assetGraph } = compileRepository((sets.shapes ?? Definitions.empty)());
for (const [index, text] of selections.entries()) {
  const resolved = (): readonly string[] => {
    const { assets } = resolveSelection(assetGraph, AssetSelection.parse(text), () => true);
    return [...assets].map((asset) => AssetKey.toUserString(asset.key)).sort();
  };
  try {
    save(`shapes.selection.${index}`, JSON.stringify({ text, keys: resolved() }));
  } catch (error) {
    save(`shapes.selection.${index}`, JSON.stringify({ text, keys: null, error: String(error) }));
  }
}

for (const [index, result] of (await loadDefsYamlCases(folder)).entries()) {
  save(`shapes.defs_yaml.${index}`, JSON.stringify(result));
}

writeFileSync(join(folder, "condition-methods.txt"), conditionMethods.join("\n"));
const script = fileURLToPath(new URL("./peer.py", import.meta.url));
const peer = spawnSync(process.env.PEER_PYTHON ?? "python3", [script, folder], { stdio: "inherit" });
rmSync(folder, { recursive: true, force: true });
process.exitCode = peer.status ?? 1;
