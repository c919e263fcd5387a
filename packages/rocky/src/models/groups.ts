import type { Files, Environment } from "../ports.ts";
import { RockyError } from "../errors.ts";
import { baseName, joinPath, stemOf } from "../paths.ts";
import { didYouMean } from "../suggest.ts";
import { compact, type TableReader } from "../config/reader.ts";
import { decodeDocument } from "./document.ts";
import { decodeStrategy } from "./decode/strategy.ts";
import type { Sidecar } from "./decode/sidecar.ts";
import type { Strategy } from "./types.ts";

/** A `models/groups/<name>.toml`. */
export interface ModelGroup {
  readonly name: string;
  readonly schemaTemplate?: string;
  readonly strategy?: Strategy;
  readonly tags: Readonly<Record<string, string>>;
  readonly governanceTags: Readonly<Record<string, string>>;
  readonly enforce: boolean;
}

const decodeGroup =
  (name: string) =>
  (reader: TableReader): ModelGroup =>
    compact({
      name,
      schemaTemplate: reader.string("schema_template"),
      strategy: reader.child("strategy", decodeStrategy),
      tags: reader.textMap("tags"),
      governanceTags: reader.child("governance", (child) => child.textMap("tags")) ?? {},
      enforce: reader.boolean("enforce", false),
    });

/** Every group of a models directory, read once. */
export const loadGroups = (files: Files, env: Environment, root: string): ReadonlyMap<string, ModelGroup> => {
  const groups = new Map<string, ModelGroup>();
  const directory = joinPath(root, "groups");
  for (const entry of files.list(directory) ?? []) {
    if (entry.kind !== "file" || !entry.name.endsWith(".toml")) continue;
    const file = joinPath(directory, entry.name);
    const name = stemOf(baseName(file));
    const decoded = decodeDocument(files.read(file) ?? "", file, `group '${name}'`, env, decodeGroup(name), {
      unknownKeys: "error",
    });
    groups.set(name, decoded);
  }
  return groups;
};

/** The group a sidecar names, with the rules that come with it checked. */
export const groupOf = (
  sidecar: Sidecar,
  model: string,
  file: string,
  groups: ReadonlyMap<string, ModelGroup>,
): ModelGroup | undefined => {
  if (sidecar.group === undefined) return undefined;
  const group = groups.get(sidecar.group);
  const refuse = (key: string, message: string, hint: string): never => {
    throw new RockyError("model_invalid", `model '${model}': ${message}`, { where: { file, key }, hint });
  };
  if (group === undefined)
    return refuse(
      "group",
      `unknown group '${sidecar.group}'`,
      didYouMean(sidecar.group, groups.keys()) ??
        `create groups/${sidecar.group}.toml in the models directory`,
    );
  const pinned = sidecar.target.schema !== undefined;
  if (pinned && group.enforce && group.schemaTemplate !== undefined)
    return refuse(
      "target.schema",
      `group '${group.name}' is enforced and sets the schema`,
      "remove target.schema",
    );
  if (sidecar.strategy !== undefined && group.enforce && group.strategy !== undefined)
    return refuse("strategy", `group '${group.name}' is enforced and sets the strategy`, "remove [strategy]");
  if (pinned && Object.keys(sidecar.args).length > 0)
    return refuse("args", "args have no effect beside target.schema", "remove [args] or target.schema");
  return group;
};

/** Fills `{placeholder}`s of a schema template from the model's args. */
export const groupSchema = (
  template: string,
  args: Readonly<Record<string, string>>,
  model: string,
  group: string,
  file: string,
): string =>
  template.replace(/\{([^}]+)\}/g, (_whole, name: string) => {
    const value = Object.hasOwn(args, name) ? args[name] : undefined;
    if (value !== undefined) return value;
    throw new RockyError("model_invalid", `model '${model}': group '${group}' needs the argument '${name}'`, {
      where: { file, key: `args.${name}` },
      hint: didYouMean(name, Object.keys(args)) ?? `add ${name} = "…" to [args]`,
    });
  });
