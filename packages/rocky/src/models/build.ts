import { compact } from "../config/reader.ts";
import { RockyError } from "../errors.ts";
import type { Environment, Files } from "../ports.ts";
import { NO_DEFAULTS, type ModelDefaults } from "./defaults.ts";
import { decodeSidecar, type Sidecar } from "./decode/sidecar.ts";
import { FULL_REFRESH } from "./decode/strategy.ts";
import { compileDsl } from "./dsl/compile-dsl.ts";
import { decodeDocument } from "./document.ts";
import { splitFrontmatter } from "./frontmatter.ts";
import { groupOf, groupSchema, type ModelGroup } from "./groups.ts";
import { expandMacros } from "./macros.ts";
import type { ModelSource } from "./scan.ts";
import type { TestDefinitions } from "./test-definitions.ts";
import type { Macro, Model, ModelTarget } from "./types.ts";

/** What the models of one directory share. */
export interface ModelSurroundings {
  readonly files: Files;
  readonly env: Environment;
  readonly defaults: ReadonlyMap<string, ModelDefaults>;
  readonly groups: ReadonlyMap<string, ModelGroup>;
  readonly testDefinitions: TestDefinitions;
  readonly macros: readonly Macro[];
}

interface Stated {
  /** Undefined when the model has neither sidecar nor frontmatter. */
  readonly sidecar: Sidecar | undefined;
  readonly configFile: string;
  readonly sql: string;
  readonly lineOffset: number;
}

const readStated = (source: ModelSource, text: string, around: ModelSurroundings): Stated => {
  const front = source.sidecar === undefined ? splitFrontmatter(text) : undefined;
  const configFile = source.sidecar ?? source.file;
  const config = source.sidecar === undefined ? front?.config : around.files.read(source.sidecar);
  const sql = front?.sql ?? text;
  const lineOffset = front?.lineOffset ?? 0;
  if (config === undefined) return { sidecar: undefined, configFile, sql, lineOffset };
  const decoded = decodeDocument(config, configFile, `model '${source.stem}'`, around.env, decodeSidecar, {
    warn: around.files.warn,
  });
  return { sidecar: decoded, configFile, sql, lineOffset };
};

const missingTarget = (name: string, file: string, field: "catalog" | "schema"): RockyError =>
  new RockyError("model_invalid", `model '${name}': missing target.${field}`, {
    where: { file, key: `target.${field}` },
    hint: `add it to [target] here, or to _defaults.toml of the same folder`,
  });

const resolveTarget = (
  name: string,
  stated: Stated,
  group: ModelGroup | undefined,
  defaults: ModelDefaults,
): ModelTarget => {
  const own = stated.sidecar?.target ?? {};
  const table = own.table ?? name;
  if (stated.sidecar === undefined)
    return {
      catalog: defaults.target.catalog ?? "warehouse",
      schema: defaults.target.schema ?? "default",
      table,
    };
  const fromGroup =
    own.schema === undefined && group?.schemaTemplate !== undefined
      ? groupSchema(group.schemaTemplate, stated.sidecar.args, name, group.name, stated.configFile)
      : undefined;
  const catalog = own.catalog ?? defaults.target.catalog;
  if (catalog === undefined) throw missingTarget(name, stated.configFile, "catalog");
  const schema = own.schema ?? fromGroup ?? defaults.target.schema;
  if (schema === undefined) throw missingTarget(name, stated.configFile, "schema");
  return { catalog, schema, table };
};

const EMPTY: Readonly<Record<string, never>> = Object.freeze({});

/** Reads one model and merges what its sidecar, its group and its folder's defaults say, in that precedence. */
export const buildModel = (source: ModelSource, around: ModelSurroundings): Model => {
  const stated = readStated(source, around.files.read(source.file) ?? "", around);
  const { sidecar } = stated;
  const name = sidecar?.name ?? source.stem;
  const group = sidecar === undefined ? undefined : groupOf(sidecar, name, stated.configFile, around.groups);
  const defaults = around.defaults.get(source.directory) ?? NO_DEFAULTS;
  const used = (sidecar?.testUses ?? []).map((use) =>
    around.testDefinitions.resolve(use, name, stated.configFile),
  );
  return compact({
    name,
    file: source.file,
    language: source.language,
    configFile: sidecar === undefined ? undefined : stated.configFile,
    sql:
      source.language === "sql"
        ? expandMacros(stated.sql, around.macros, source.file)
        : compileDsl(stated.sql, source.file, stated.lineOffset),
    sqlLineOffset: stated.lineOffset,
    target: Object.freeze(resolveTarget(name, stated, group, defaults)),
    strategy: sidecar?.strategy ?? group?.strategy ?? defaults.strategy ?? FULL_REFRESH,
    dependsOn: sidecar?.dependsOn ?? [],
    intent: sidecar?.intent ?? defaults.intent,
    adapter: sidecar?.adapter,
    retention: sidecar?.retention,
    group: sidecar?.group,
    sources: sidecar?.sources ?? [],
    freshness: sidecar?.freshness ?? defaults.freshness,
    classification: sidecar?.classification ?? EMPTY,
    tags: merge(group?.tags, sidecar?.tags),
    governanceTags: merge(group?.governanceTags, sidecar?.governanceTags),
    columns: sidecar?.columns ?? EMPTY,
    surrogateKeys: sidecar?.surrogateKeys ?? [],
    tests: Object.freeze([...(sidecar?.tests ?? []), ...used]),
    unitTests: sidecar?.unitTests ?? [],
    skip: sidecar?.skip,
    budget: sidecar?.budget,
    format: sidecar?.format,
    formatOptions: sidecar?.formatOptions,
    contractFile: source.contract,
    declared: Object.freeze({
      name: sidecar?.name !== undefined,
      table: sidecar?.target.table !== undefined,
      target: sidecar?.target.catalog !== undefined && sidecar.target.schema !== undefined,
    }),
  });
};

const merge = (
  base: Readonly<Record<string, string>> | undefined,
  own: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> =>
  base === undefined ? (own ?? EMPTY) : Object.freeze({ ...base, ...own });
