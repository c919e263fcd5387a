import { compact, type TableReader } from "../config/reader.ts";
import { joinPath } from "../paths.ts";
import type { Environment, Files } from "../ports.ts";
import { decodeFreshness, decodeTarget, type Sidecar } from "./decode/sidecar.ts";
import { decodeStrategy } from "./decode/strategy.ts";
import { decodeDocument } from "./document.ts";
import type { ModelFreshness, Strategy } from "./types.ts";

/** A `_defaults.toml`: for the models of its own folder only, not of folders below. */
export interface ModelDefaults {
  readonly target: Sidecar["target"];
  readonly strategy?: Strategy;
  readonly intent?: string;
  readonly freshness?: ModelFreshness;
}

export const NO_DEFAULTS: ModelDefaults = Object.freeze({ target: Object.freeze({}) });

const decodeDefaults = (reader: TableReader): ModelDefaults =>
  compact({
    target: reader.child("target", decodeTarget) ?? {},
    strategy: reader.child("strategy", decodeStrategy),
    intent: reader.string("intent"),
    freshness: reader.child("freshness", decodeFreshness),
  });

export const loadDefaults = (
  files: Files,
  env: Environment,
  directories: ReadonlySet<string>,
): ReadonlyMap<string, ModelDefaults> => {
  const defaults = new Map<string, ModelDefaults>();
  for (const directory of directories) {
    const file = joinPath(directory, "_defaults.toml");
    const decoded = decodeDocument(files.read(file) ?? "", file, "defaults", env, decodeDefaults, {
      unknownKeys: "error",
    });
    defaults.set(directory, decoded);
  }
  return defaults;
};
