import type { RockyConfig } from "../../config/index.ts";
import type { Model } from "../../models/index.ts";
import { stemOf } from "../../paths.ts";
import type { Report } from "./report.ts";

const FEWEST_TO_SHARE = 3;

const lintModel = (model: Model, report: Report): void => {
  const file = model.configFile ?? model.file;
  if (model.declared.name && model.name === stemOf(model.file))
    report.say("lint", "L001", `model '${model.name}': name equals the file name and can be left out`, {
      file,
      field: "name",
    });
  if (model.declared.table && model.target.table === model.name)
    report.say("lint", "L002", `model '${model.name}': target.table equals the name and can be left out`, {
      file,
      field: "target.table",
    });
  if (model.contractFile !== undefined)
    report.say("lint", "L008", `model '${model.name}': the contract beside it applies`, {
      file: model.contractFile,
    });
};

const lintSharedTargets = (models: readonly Model[], report: Report): void => {
  const sharing = new Map<string, Model[]>();
  for (const model of models) {
    if (!model.declared.target) continue;
    const key = `${model.target.catalog}.${model.target.schema}`;
    const known = sharing.get(key);
    if (known === undefined) sharing.set(key, [model]);
    else known.push(model);
  }
  for (const [target, group] of sharing)
    if (group.length >= FEWEST_TO_SHARE)
      report.say(
        "lint",
        "L003",
        `models ${group.map((model) => model.name).join(", ")} all state target ${target}; a _defaults.toml says it once`,
      );
};

const adapterReferences = (config: RockyConfig): readonly string[] =>
  config.pipelines.flatMap((pipeline) => {
    if (pipeline.type !== "replication") return [pipeline.target.adapter];
    const discovery = pipeline.source.discovery?.adapter;
    return [
      pipeline.target.adapter,
      pipeline.source.adapter,
      ...(discovery === undefined ? [] : [discovery]),
    ];
  });

const lintOnlyAdapter = (config: RockyConfig, report: Report): void => {
  const only = config.adapters.length === 1 ? config.adapters[0]?.name : undefined;
  if (only === undefined || only === "default") return;
  const count = adapterReferences(config).filter((name) => name === only).length;
  if (count > 1)
    report.say(
      "lint",
      "L007",
      `the only adapter '${only}' is named ${count} times; an unnamed [adapter] needs no names`,
    );
};

/** Notes on what could be left out. They look at what files state, not at values that defaults happen to give. */
export const lint = (config: RockyConfig, models: readonly Model[], report: Report): void => {
  for (const { message, hint, key, line } of config.warnings)
    report.say("lint", "L009", hint === undefined ? message : `${message}; ${hint}`, {
      file: line === undefined ? config.file : `${config.file}:${line}`,
      field: key,
    });

  lintOnlyAdapter(config, report);
  for (const model of models) lintModel(model, report);
  lintSharedTargets(models, report);
};
