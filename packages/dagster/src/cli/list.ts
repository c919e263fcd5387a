import { resolve } from "node:path";
import { AssetKey } from "../definitions/keys.ts";
import type { PartitionsDefinition } from "../definitions/partitions.ts";
import type { AssetNode } from "../planning/index.ts";
import { parseFlags } from "./flags.ts";
import { type LoadedProject, loadProject } from "./load-project.ts";
import type { Program } from "./program.ts";

const userKey = (asset: AssetNode): string => AssetKey.toUserString(asset.key);

const describePartitions = (partitions: PartitionsDefinition): object => {
  switch (partitions.kind) {
    case "static":
      return { kind: "static", keys: partitions.keys.length };
    case "dynamic":
      return { kind: "dynamic", name: partitions.name };
    case "timeWindow":
      return { kind: "time_window", cron_schedule: partitions.cronSchedule, timezone: partitions.timezone };
    case "multi":
      return { kind: "multi", dimensions: Object.keys(partitions.dimensions) };
    default: {
      const never: never = partitions;
      throw new TypeError(`unknown partitions ${JSON.stringify(never)}`);
    }
  }
};

const describeAsset = (asset: AssetNode): object => ({
  key: userKey(asset),
  group: asset.spec.groupName,
  kinds: asset.spec.kinds,
  deps: asset.parents.map((edge) => userKey(edge.asset)).sort(),
  tags: asset.spec.tags,
  owners: asset.spec.owners,
  description: asset.spec.description ?? null,
  partitions: asset.partitionsDef === undefined ? null : describePartitions(asset.partitionsDef),
  op: asset.op?.name ?? null,
});

/** The definitions as plain JSON. */
const describeProject = ({ loaded, repository }: LoadedProject): object => ({
  location: loaded.name,
  assets: repository.assetGraph.assets.map(describeAsset),
  asset_checks: repository.assetGraph.checks.map((check) => ({
    asset: userKey(check.asset),
    name: check.key.name,
    description: check.spec.description ?? null,
    blocking: check.spec.blocking,
  })),
  jobs: repository.jobs.map((job) => ({ name: job.name, assets: job.selection.assets.size })),
  schedules: repository.schedules.map(({ name, cronSchedule }) => ({ name, cron_schedule: cronSchedule })),
  sensors: repository.sensors.map(({ name, type }) => ({ name, type })),
  resources: Object.keys(loaded.definitions.resources).sort(),
  components: loaded.components.map(({ key, typeName, stateKey, managementType }) => ({
    key,
    type: typeName,
    defs_state_key: stateKey ?? null,
    management_type: managementType ?? null,
  })),
  defs_state: loaded.stateInfo ?? {},
});

const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};

const summary = ({ repository }: LoadedProject): string => {
  const assets = repository.assetGraph.assets.map((asset) => [
    userKey(asset),
    asset.spec.groupName,
    asset.spec.kinds.join(", "),
    asset.parents.map((edge) => userKey(edge.asset)).join(", "),
  ]);
  return table([["ASSET", "GROUP", "KINDS", "DEPS"], ...assets]);
};

/** `list --project DIR [--json]`: what the project defines. */
export const list = async (program: Program, argv: readonly string[]): Promise<number> => {
  const parsed = parseFlags(argv, { flags: { project: "text", json: "switch" } });
  const project = await loadProject(program, resolve(parsed.text("project") ?? "."));
  const text = parsed.has("json") ? JSON.stringify(describeProject(project), null, 2) : summary(project);
  process.stdout.write(`${text}\n`);
  return 0;
};
