import type { Definitions } from "../definitions/definitions.ts";

export type ManagementType = "LOCAL_FILESYSTEM" | "VERSIONED_STATE_STORAGE" | "LEGACY_CODE_SERVER_SNAPSHOTS";

/** What a component knows about where it is loaded. */
export interface ComponentLoadContext {
  /** The project folder; relative paths in attributes resolve against it. */
  readonly projectRoot: string;
  /** The folder of the `defs.yaml`. */
  readonly path: string;
  /** True in processes that re-create definitions for a run or step; these never refresh state. */
  readonly isReconstruction: boolean;
  /** Environment of the process; injected so that tests need not touch the real one. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: ComponentLogger;
  /** Imports an export of one of the project's own modules by its dotted name, such as `my_components.Shop`. */
  readonly importExport?: (name: string) => Promise<unknown>;
}

/** What a module that exports a function (`export const defs = (context: DefinitionsContext) => …`) is told. */
export interface DefinitionsContext {
  /** The project folder. */
  readonly projectRoot: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: ComponentLogger;
  /** True in processes that load the definitions again for a run. */
  readonly isReconstruction: boolean;
  /**
   * In such a process, what the code location left under `MetadataValue.codeLocationReconstruction` in its own
   * metadata, by label: what was expensive to find out needs not be found out again.
   */
  readonly reconstruction: Readonly<Record<string, string>>;
}

export interface ComponentLogger {
  info(message: string): void;
  warn(message: string): void;
}

/** Turns validated attributes into definitions. */
export interface Component {
  buildDefs(context: ComponentLoadContext): Promise<Definitions>;
  /**
   * Further files and folders that `buildDefs` reads, so that the server knows when an earlier answer still holds.
   */
  loadInputs?(context: ComponentLoadContext): readonly string[];
}

/** Where a state-backed component keeps its state. */
export interface DefsStateConfig {
  readonly key: string;
  readonly managementType: ManagementType;
  /** Refresh on load under `dagster dev` (`DAGSTER_IS_DEV_CLI`). */
  readonly refreshIfDev: boolean;
}

/** What a refresh could not do although it wrote a state, in words; the earlier state stands in for it. */
export interface RefreshReport {
  readonly problems: readonly string[];
}

/**
 * A component whose definitions are built from a state file that an earlier refresh wrote.
 * `buildDefs` is the framework's: it finds the state and calls `buildDefsFromState`.
 */
export interface StateBackedComponent {
  readonly defsStateConfig: DefsStateConfig;
  /** Fetches and writes the state to `path`; a failure must leave an existing file as it was. */
  writeStateToPath(
    path: string,
    context: ComponentLoadContext,
    signal?: AbortSignal,
  ): Promise<RefreshReport | undefined>;
  /** `statePath` is undefined when no state has been written yet. No network, no subprocess. */
  buildDefsFromState(context: ComponentLoadContext, statePath: string | undefined): Promise<Definitions>;
  /**
   * Called before the state path is resolved on each load; a component may write missing state here
   * (`discover_on_missing_state`). `statePath` is where local state belongs.
   */
  beforeLoad?(context: ComponentLoadContext, statePath: string): Promise<void>;
  /**
   * Further files and folders that `buildDefsFromState` reads, so that the server knows when an earlier answer still holds.
   */
  loadInputs?(context: ComponentLoadContext): readonly string[];
}

/** A component class as the registry holds it. */
export interface ComponentType {
  /** The `type:` text, such as `dagster_rocky.RockyComponent`. */
  readonly typeName: string;
  /** JSON schema of `attributes`, for editors and for unknown-key errors. */
  readonly attributesSchema: object;
  /**
   * From raw YAML attributes. Template strings reach it unresolved together with `resolve`, because some
   * attributes (translation) are resolved per asset. An error may carry `attributePath` (keys and indexes below
   * `attributes`); its line is then shown.
   */
  create(attributes: unknown, scope: TemplateScope): Component | StateBackedComponent;
  /**
   * Names that templates of this component see beside the ordinary ones: values, or functions that are called once,
   * with the context, and give the value.
   */
  readonly templateVars?: Readonly<Record<string, unknown>>;
}

/** Resolves `{{ … }}` in YAML values. */
export interface TemplateScope {
  /** Resolves every string in `value`; `extra` adds names to the scope for this call. */
  resolve(value: unknown, extra?: Readonly<Record<string, unknown>>): unknown;
}
