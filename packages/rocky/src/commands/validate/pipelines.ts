import type {
  Pipeline,
  ReplicationPipeline,
  RockyConfig,
  TransformationPipeline,
} from "../../config/index.ts";
import { modelsDirectory } from "../../models/index.ts";
import { isInside } from "../../paths.ts";
import type { Files } from "../../ports.ts";
import { inertChecks } from "./inert-checks.ts";
import type { Report } from "./report.ts";
import { unknownPlaceholders } from "../../run/replication/placeholders.ts";

const REPLICATION_STRATEGIES = [
  "incremental",
  "merge",
  "view",
  "materialized_view",
  "dynamic_table",
  "full_refresh",
];

interface Scope {
  readonly config: RockyConfig;
  readonly files: Files;
  readonly report: Report;
}

const adapterExists = (
  { config, report }: Scope,
  pipeline: Pipeline,
  code: string,
  role: string,
  adapter: string,
  key: string,
): boolean => {
  if (config.adapters.some(({ name }) => name === adapter)) return true;
  report.say(
    "error",
    code,
    `pipeline.${pipeline.name}: ${role} adapter '${adapter}' not found in [adapter]`,
    {
      field: `pipeline.${pipeline.name}.${key}`,
    },
  );
  return false;
};

const warnStrategies = (pipeline: ReplicationPipeline, report: Report): void => {
  const written = [
    { strategy: pipeline.strategy, field: `pipeline.${pipeline.name}.strategy` },
    ...pipeline.tableOverrides.map((override, index) => ({
      strategy: override.strategy ?? "full_refresh",
      field: `pipeline.${pipeline.name}.table_overrides[${index}].strategy`,
    })),
  ];
  for (const { strategy, field } of written)
    if (!REPLICATION_STRATEGIES.includes(strategy))
      report.say(
        "warn",
        "V035",
        `pipeline.${pipeline.name}: strategy "${strategy}" is unknown and would run as full_refresh. Known: ${REPLICATION_STRATEGIES.join(", ")}.`,
        { field },
      );
};

const validateReplication = (scope: Scope, pipeline: ReplicationPipeline): boolean => {
  const { report } = scope;
  const { source, target } = pipeline;
  const { separator, components } = source.schemaPattern;
  const parseable = separator !== "" && components.length > 0;
  if (parseable) report.say("ok", "V021", `pipeline.${pipeline.name}: schema pattern parseable`);
  else
    report.say(
      "error",
      "V021",
      `pipeline.${pipeline.name}: schema pattern needs a separator and components`,
      {
        field: `pipeline.${pipeline.name}.source.schema_pattern`,
      },
    );
  for (const { key, message, hint } of unknownPlaceholders(pipeline))
    report.say("warn", "V021", `pipeline.${pipeline.name}: ${message}; ${hint}`, { field: key });
  const known = [
    adapterExists(scope, pipeline, "V022", "source", source.adapter, "source.adapter"),
    adapterExists(scope, pipeline, "V023", "target", target.adapter, "target.adapter"),
    source.discovery === undefined ||
      adapterExists(
        scope,
        pipeline,
        "V024",
        "discovery",
        source.discovery.adapter,
        "source.discovery.adapter",
      ),
  ];
  report.say(
    "ok",
    "V020",
    `pipeline.${pipeline.name}: replication / ${pipeline.strategy} -> ${target.catalogTemplate} / ${target.schemaTemplate}`,
  );
  warnStrategies(pipeline, report);
  return parseable && known.every((exists) => exists);
};

const validateTransformation = (scope: Scope, pipeline: TransformationPipeline): boolean => {
  const { report, files, config } = scope;
  let ok = adapterExists(scope, pipeline, "V023", "target", pipeline.target.adapter, "target.adapter");
  const directory = modelsDirectory(config.directory, pipeline.models);
  const field = `pipeline.${pipeline.name}.models`;
  if (!isInside(config.directory, directory)) {
    ok = false;
    report.say(
      "error",
      "V047",
      `pipeline.${pipeline.name}: models '${pipeline.models}' lies outside the project`,
      {
        field,
      },
    );
  } else if (files.kind(directory) !== "directory")
    report.say("warn", "V025", `pipeline.${pipeline.name}: models directory '${directory}' does not exist`, {
      field,
    });
  report.say("ok", "V020", `pipeline.${pipeline.name}: transformation / models='${pipeline.models}'`);
  return ok;
};

const tableText = (table: { catalog: string; schema: string; table: string }): string =>
  `${table.catalog}.${table.schema}.${table.table}`;

const validateByType = (scope: Scope, pipeline: Pipeline): boolean => {
  const { report } = scope;
  const at = `pipeline.${pipeline.name}`;
  switch (pipeline.type) {
    case "replication":
      return validateReplication(scope, pipeline);
    case "transformation":
      return validateTransformation(scope, pipeline);
    case "quality": {
      const ok = adapterExists(scope, pipeline, "V023", "target", pipeline.target.adapter, "target.adapter");
      if (pipeline.tables.length === 0)
        report.say("warn", "V026", `${at}: no tables, so nothing is checked`, { field: `${at}.tables` });
      if (!pipeline.checks.enabled)
        report.say("warn", "V027", `${at}: checks.enabled is false, so the pipeline has no effect`, {
          field: `${at}.checks.enabled`,
        });
      report.say("ok", "V020", `${at}: quality / ${pipeline.tables.length} table ref(s)`);
      return ok;
    }
    case "snapshot": {
      const source = adapterExists(
        scope,
        pipeline,
        "V022",
        "source",
        pipeline.source.adapter,
        "source.adapter",
      );
      const target = adapterExists(
        scope,
        pipeline,
        "V023",
        "target",
        pipeline.target.adapter,
        "target.adapter",
      );
      const keyed = pipeline.uniqueKey.length > 0;
      if (!keyed)
        report.say("error", "V028", `${at}: unique_key must not be empty`, { field: `${at}.unique_key` });
      report.say(
        "ok",
        "V020",
        `${at}: snapshot / ${tableText(pipeline.source)} -> ${tableText(pipeline.target)}`,
      );
      return source && target && keyed;
    }
    case "load": {
      const known = adapterExists(
        scope,
        pipeline,
        "V023",
        "target",
        pipeline.target.adapter,
        "target.adapter",
      );
      const filled = pipeline.sourceDir.trim() !== "";
      if (!filled)
        report.say("error", "V029", `${at}: source_dir must not be empty`, { field: `${at}.source_dir` });
      return known && filled;
    }
    default:
      return pipeline satisfies never;
  }
};

/** True when the pipeline itself has no error; warnings do not count. */
export const validatePipeline = (scope: Scope, pipeline: Pipeline): boolean => {
  const ok = validateByType(scope, pipeline);
  for (const key of inertChecks(pipeline))
    scope.report.say(
      "warn",
      "V034",
      `pipeline.${pipeline.name}: checks.${key} never runs in a ${pipeline.type} pipeline`,
      { field: `pipeline.${pipeline.name}.checks.${key}` },
    );
  return ok;
};
