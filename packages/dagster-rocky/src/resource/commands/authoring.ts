import { type JsonRecord, record } from "../decode.ts";
import { command, flag, models, toggle, word } from "./command.ts";

export interface ModelWork {
  readonly model?: string;
}

export interface PackageBuild {
  readonly vars?: readonly string[];
  readonly compiled?: string;
  /** Absent lets the engine decide. */
  readonly buildEmpty?: boolean;
  readonly allowSecretVar?: boolean;
  readonly dbtTimeoutSeconds?: number;
}

const buildFlags = (options: PackageBuild, targetSchema?: string): readonly string[] => [
  ...(options.vars ?? []).flatMap((pair) => ["--vars", pair]),
  ...flag("--target-schema", targetSchema),
  ...flag("--compiled", options.compiled),
  ...(options.buildEmpty === undefined ? [] : [options.buildEmpty ? "--build-empty" : "--build-empty=false"]),
  ...toggle("--allow-secret-var", options.allowSecretVar),
  ...flag("--dbt-timeout", options.dbtTimeoutSeconds),
];

const product = (verb: string, partial = false) =>
  command<{ readonly name: string }, JsonRecord>({
    args: ({ name }) => ["product", verb, name],
    partial,
    decode: record,
  });

/** Commands about branches, products, packages and assisted authoring. */
export const authoringCommands = {
  branchApprove: command<
    { readonly name: string; readonly message?: string; readonly out?: string },
    JsonRecord
  >({
    args: (options) => [
      "branch",
      "approve",
      options.name,
      ...flag("--message", options.message),
      ...flag("--out", options.out),
    ],
    decode: record,
  }),
  branchPromote: command<
    { readonly name: string; readonly filter?: string; readonly skipApproval?: boolean },
    JsonRecord
  >({
    args: (options, config) => [
      "branch",
      "promote",
      options.name,
      ...models(config),
      ...flag("--filter", options.filter),
      ...toggle("--skip-approval", options.skipApproval),
    ],
    decode: record,
  }),
  planPromote: command<
    {
      readonly name: string;
      readonly base?: string;
      readonly allowBreaking?: boolean;
      readonly filter?: string;
    },
    JsonRecord
  >({
    args: (options, config) => [
      "plan",
      "promote",
      options.name,
      "--base",
      options.base ?? "main",
      ...models(config),
      ...toggle("--allow-breaking", options.allowBreaking),
      ...flag("--filter", options.filter),
    ],
    decode: record,
  }),
  productVerify: product("verify", true),
  productCompile: product("compile"),
  productApprove: product("approve"),
  productStatus: product("status"),
  productJournal: product("journal"),
  productList: command<Record<never, never>, JsonRecord>({ args: () => ["product", "list"], decode: record }),
  packageList: command<Record<never, never>, JsonRecord>({ args: () => ["package", "list"], decode: record }),
  packageAdd: command<PackageBuild & { readonly spec: string; readonly targetSchema?: string }, JsonRecord>({
    args: (options) => ["package", "add", options.spec, ...buildFlags(options, options.targetSchema)],
    decode: record,
  }),
  packageUpdate: command<PackageBuild & { readonly name?: string }, JsonRecord>({
    args: (options) => ["package", "update", ...word(options.name), ...buildFlags(options)],
    decode: record,
  }),
  packageRemove: command<{ readonly name: string; readonly force?: boolean }, JsonRecord>({
    args: (options) => ["package", "remove", options.name, ...toggle("--force", options.force)],
    decode: record,
  }),
  ai: command<{ readonly intent: string; readonly format?: string }, JsonRecord>({
    args: (options, config) => [
      "ai",
      options.intent,
      "--format",
      options.format ?? "rocky",
      ...models(config),
    ],
    decode: record,
  }),
  aiSync: command<ModelWork & { readonly apply?: boolean; readonly withIntent?: boolean }, JsonRecord>({
    args: (options, config) => [
      "ai-sync",
      ...models(config),
      ...toggle("--apply", options.apply),
      ...flag("--model", options.model),
      ...toggle("--with-intent", options.withIntent),
    ],
    decode: record,
  }),
  aiExplain: command<ModelWork & { readonly all?: boolean; readonly save?: boolean }, JsonRecord>({
    args: (options, config) => [
      "ai-explain",
      ...models(config),
      ...word(options.model),
      ...toggle("--all", options.all),
      ...toggle("--save", options.save),
    ],
    decode: record,
  }),
  aiTest: command<ModelWork & { readonly all?: boolean; readonly save?: boolean }, JsonRecord>({
    args: (options, config) => [
      "ai-test",
      ...models(config),
      ...word(options.model),
      ...toggle("--all", options.all),
      ...toggle("--save", options.save),
    ],
    decode: record,
  }),
  aiContract: command<{ readonly model: string; readonly save?: boolean }, JsonRecord>({
    args: (options, config) => [
      "ai-contract",
      options.model,
      ...models(config),
      ...toggle("--save", options.save),
    ],
    decode: record,
  }),
} as const;
