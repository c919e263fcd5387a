import type { FileKind } from "../ports.ts";
import { RockyError } from "../errors.ts";

export interface StatePathRequest {
  /** `--state-path`: taken as it is, namespaces do not apply. */
  readonly statePath?: string;
  /** `--state-namespace`, or the pipeline's name when the config asks for one store per pipeline. */
  readonly namespace?: string;
  /** What lies at a path relative to the working directory. */
  readonly kind: (path: string) => FileKind | undefined;
}

export interface StatePath {
  /** Relative to the working directory, or as the user gave it. */
  readonly path: string;
  readonly warning?: string;
}

const MODELS_STORE = "models/.rocky-state.redb";
const LEGACY_STORE = ".rocky-state.redb";

/** Where the state lies. `models` is the folder in the working directory, whatever `--models` says. */
export const resolveStatePath = ({ statePath, namespace, kind }: StatePathRequest): StatePath => {
  if (statePath !== undefined) return { path: statePath };
  if (namespace !== undefined) {
    if (!/^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/.test(namespace)) {
      throw new RockyError("usage", `'${namespace}' is not a valid state namespace`, {
        hint: "use letters, digits, dots, dashes and underscores",
      });
    }
    return { path: `models/.rocky-state/${namespace}.redb` };
  }
  const legacy = kind(LEGACY_STORE) === "file";
  if (legacy && kind(MODELS_STORE) === "file") {
    return {
      path: LEGACY_STORE,
      warning: `both ${LEGACY_STORE} and ${MODELS_STORE} exist; the first one is used, remove the one you do not need`,
    };
  }
  if (legacy || kind("models") !== "directory") return { path: LEGACY_STORE };
  return { path: MODELS_STORE };
};
