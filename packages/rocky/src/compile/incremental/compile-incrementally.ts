import type { RockyConfig } from "../../config/index.ts";
import { openModels, type RunVariables } from "../../models/index.ts";
import { normalizePath } from "../../paths.ts";
import type { Environment, Files } from "../../ports.ts";
import type { AnalyzeSql } from "../../sql/index.ts";
import { ruleInput } from "../compile-models.ts";
import { explicitContracts, noModels } from "../compile-project.ts";
import { digest } from "../digest.ts";
import type { LoadedImport, SnapshotReading } from "../imports.ts";
import type { Portability } from "../rules/rule.ts";
import type { SourceSchemas } from "../source-schemas.ts";
import { analyseChanged } from "./analyse-changed.ts";
import { findChanges } from "./find-changes.ts";
import { observedEnvironment, observedFiles } from "./observed.ts";
import {
  decodeRecords,
  encodeRecords,
  NO_RECORDS,
  type RecordFile,
  type RecordStore,
} from "./record-file.ts";
import { type DescribedModel, OWN_SECTIONS } from "./records.ts";

export interface IncrementalOptions<Kind extends string> {
  readonly files: Files;
  readonly env: Environment;
  /** Models directories; their models are compiled together. */
  readonly directories: readonly string[];
  /** Folder of `<model>.contract.toml` files; they win over contracts beside the models. */
  readonly contracts?: string;
  readonly variables?: RunVariables;
  readonly config?: Pick<RockyConfig, "mask" | "allowUnmasked" | "freshness">;
  readonly portability?: Portability;
  readonly imports?: readonly LoadedImport[];
  readonly sources: SourceSchemas;
  readonly analyze: AnalyzeSql;
  readonly store: RecordStore;
  /** The kinds of text that are kept about a model. */
  readonly kinds: readonly Kind[];
  /** Makes these texts. Equal models must give equal texts, in every process of this version. */
  readonly describe: (model: DescribedModel) => Readonly<Record<Kind, string>>;
}

/** A compiled project, as texts about its models. Positions are those of the order in which models were found. */
export interface RecordedProject<Kind extends string> {
  readonly names: readonly string[];
  /** Index of each model's directory, as given. */
  readonly directoryOf: (position: number) => number;
  readonly byName: readonly number[];
  /** Layers of dependencies, names sorted inside a layer. */
  readonly layers: readonly (readonly number[])[];
  /** Diagnostics about the models taken together, as JSON. */
  readonly project: string;
  readonly text: (kind: Kind, position: number) => string;
  /** One of the sections in `OWN`. */
  readonly section: (kind: number, position: number) => string;
}

/** Below this the whole project is compiled before a cache is read. */
const WORTH_RECORDING = 200;

/** So many models are rather compiled once more the next time than all records written anew. */
const FEW = 32;

/**
 * Compiles a project and records what it found out about each model. What is on record about a model holds as long
 * as its files, what all models share, and what it sees of the models it reads stay the same. Throws what
 * `compileProject` throws.
 */
export const compileIncrementally = async <Kind extends string>(
  options: IncrementalOptions<Kind>,
): Promise<RecordedProject<Kind>> => {
  const { files, directories, store, kinds } = options;
  const takenAt = Date.now() * 1000;
  const env = observedEnvironment(options.env);
  const shared = observedFiles(files);
  const folders = directories.map((directory) => openModels(files, env.env, directory, shared.files));
  const found = folders.flatMap((folder) => folder.sources.map((source) => ({ source, folder })));
  if (found.length === 0) throw noModels(folders[0]?.root ?? ".");
  const explicit = explicitContracts(files, options.contracts);
  const sharedDigest = digest(JSON.stringify([settings(options), shared.seen(), explicit]));
  const recording = found.length >= WORTH_RECORDING;
  const name = `models-${digest(JSON.stringify(invocation(options)))}.records`;
  const kept = recording ? decodeRecords(store.readSealed(name)) : NO_RECORDS;
  const holds =
    kept.shared === sharedDigest && kept.variablesDigest === valuesDigest(kept.variables, options.env);
  const previous = holds ? kept : NO_RECORDS;

  const { slots, unsure } = findChanges(found, files, previous);
  const analysed = await analyseChanged({
    slots,
    previous,
    files,
    explicit,
    variables: options.variables ?? {},
    analyze: options.analyze,
    rules: ruleInput(options),
    sources: options.sources,
    describe: (model) => {
      const texts = options.describe(model);
      return kinds.map((kind) => texts[kind]);
    },
  });
  const { names, layers, byName, project, section } = analysed;
  if (recording && (!analysed.sameGraph || analysed.compiled + unsure > FEW)) {
    const variables = [...new Set([...previous.variables, ...env.asked])].sort();
    const records: Omit<RecordFile, "section"> = {
      shared: sharedDigest,
      variables,
      variablesDigest: valuesDigest(variables, options.env),
      takenAt,
      heads: slots.map(({ head }, position) => ({ ...head, name: names[position] ?? "" })),
      layers,
      byName,
      project,
    };
    store.writeSealed(name, encodeRecords(records, OWN_SECTIONS + kinds.length, section));
  }
  const kindIndex = new Map(kinds.map((kind, index) => [kind, OWN_SECTIONS + index]));
  const directoryOf = new Map(folders.map((folder, index) => [folder, index]));
  return {
    names,
    layers,
    byName,
    project,
    section,
    directoryOf: (position) => {
      const folder = slots[position]?.found.folder;
      return folder === undefined ? 0 : (directoryOf.get(folder) ?? 0);
    },
    text: (kind, position) => section(kindIndex.get(kind) ?? 0, position),
  };
};

const valuesDigest = (names: readonly string[], env: Environment): string =>
  digest(JSON.stringify(names.map((name) => env[name] ?? null)));

/** What tells one way of compiling from another; each has its own records. */
const invocation = ({
  directories,
  contracts,
  variables,
  portability,
}: Omit<IncrementalOptions<string>, "describe">): unknown => [
  directories.map(normalizePath),
  contracts ?? null,
  Object.entries(variables ?? {}).sort(),
  portability ?? null,
];

/** What the outcome hangs on besides files; a change of it makes all records void. */
const settings = ({
  kinds,
  config,
  imports,
  sources,
  ...rest
}: Omit<IncrementalOptions<string>, "describe">): unknown => [
  invocation({ kinds, sources, ...rest }),
  kinds,
  sources.identity,
  config === undefined ? null : [config.mask, config.allowUnmasked, config.freshness],
  (imports ?? []).map(({ name, pin, current, baseline }) => [
    name,
    pin ?? null,
    readingText(current),
    baseline === undefined ? null : readingText(baseline),
  ]),
];

const readingText = (reading: SnapshotReading): readonly string[] =>
  reading.kind === "read"
    ? [reading.kind, reading.snapshot.hash]
    : [reading.kind, reading.file, reading.reason];
