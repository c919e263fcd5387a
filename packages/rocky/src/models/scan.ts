import { RockyError } from "../errors.ts";
import { stemOf } from "../paths.ts";
import type { FileKind, Files } from "../ports.ts";

/** A model's files, found but not read. */
export interface ModelSource {
  readonly stem: string;
  readonly directory: string;
  readonly file: string;
  readonly language: "sql" | "rocky";
  readonly sidecar?: string;
  readonly contract?: string;
}

export interface ScannedModels {
  /** False when the directory does not exist. */
  readonly found: boolean;
  readonly sources: readonly ModelSource[];
  /** Folders that hold a `_defaults.toml`. */
  readonly defaults: ReadonlySet<string>;
}

/** Folders of the models directory that hold no models. */
const RESERVED_FOLDERS = new Set(["groups"]);

const languageOf = (name: string): "sql" | "rocky" | undefined =>
  name.endsWith(".sql") ? "sql" : name.endsWith(".rocky") ? "rocky" : undefined;

/** Walks the directory by name, files before sub-folders; hidden folders are passed over. */
export const scanModels = (files: Files, root: string): ScannedModels => {
  const sources: ModelSource[] = [];
  const defaults = new Set<string>();
  const visit = (directory: string): boolean => {
    const prefix = directory === "." ? "" : directory.endsWith("/") ? directory : `${directory}/`;
    const entries = files.list(directory);
    if (entries === undefined) return false;
    const named = (kind: FileKind): ReadonlySet<string> =>
      new Set(entries.filter((entry) => entry.kind === kind).map((entry) => entry.name));
    const names = named("file");
    const folders = named("directory");
    if (names.has("_defaults.toml")) defaults.add(directory);
    for (const name of names) {
      const language = languageOf(name);
      if (language === undefined) continue;
      const stem = stemOf(name);
      const beside = (suffix: string): string | undefined => {
        const path = `${prefix}${stem}${suffix}`;
        // A model would silently lose its settings.
        if (folders.has(`${stem}${suffix}`))
          throw new RockyError(
            "model_invalid",
            `model '${stem}': '${path}' is a directory, expected a file`,
            {
              where: { file: path },
              hint: "rename the directory",
            },
          );
        return names.has(`${stem}${suffix}`) ? path : undefined;
      };
      const sidecar = beside(".toml");
      const contract = beside(".contract.toml");
      sources.push({
        stem,
        directory,
        file: `${prefix}${name}`,
        language,
        ...(sidecar === undefined ? {} : { sidecar }),
        ...(contract === undefined ? {} : { contract }),
      });
    }
    for (const entry of entries) {
      if (entry.kind !== "directory" || entry.name.startsWith(".")) continue;
      if (directory === root && RESERVED_FOLDERS.has(entry.name)) continue;
      visit(`${prefix}${entry.name}`);
    }
    return true;
  };
  const found = visit(root);
  return { found, sources, defaults };
};
