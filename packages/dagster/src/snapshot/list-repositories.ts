import { type WireObject, type WireValue, wire } from "../wire/index.ts";
import { type DefsState, defsStateInfo } from "./components.ts";

/** What a code server says about itself on load. */
export interface LocationIdentity {
  readonly repositoryName: string;
  readonly executablePath: string;
  /** Argv prefix with which a run launcher starts a worker: `<entry point> api execute_run ...`. */
  readonly entryPoint: readonly string[];
  readonly containerImage?: string;
  /** The host's own JSON object, passed back unread. */
  readonly containerContext?: WireValue;
  readonly workingDirectory?: string;
  /** Library name to version; shown in the UI. */
  readonly libraryVersions: Readonly<Record<string, string>>;
  readonly defsState?: DefsState;
}

/** `ListRepositoriesResponse`. The pointer is an opaque token: container launchers refuse runs without one. */
export function listRepositories(identity: LocationIdentity): WireObject {
  return wire("ListRepositoriesResponse", {
    repository_symbols: [
      wire("LoadableRepositorySymbol", {
        repository_name: identity.repositoryName,
        attribute: identity.repositoryName,
      }),
    ],
    executable_path: identity.executablePath,
    repository_code_pointer_dict: {
      [identity.repositoryName]: wire("PackageCodePointer", {
        module: "definitions",
        attribute: identity.repositoryName,
        working_directory: identity.workingDirectory ?? null,
      }),
    },
    entry_point: identity.entryPoint,
    container_image: identity.containerImage ?? null,
    container_context: identity.containerContext ?? {},
    dagster_library_versions: identity.libraryVersions,
    defs_state_info: identity.defsState === undefined ? null : defsStateInfo(identity.defsState),
  });
}
