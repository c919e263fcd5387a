import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type {
  ComponentLoadContext,
  Definitions,
  DefsStateConfig,
  RefreshReport,
  StateBackedComponent,
  TemplateScope,
} from "@dagster-rocky/dagster";
import { contractFiles, discoverContractRules } from "../checks/contracts.ts";
import type { RockyDagsterTranslator } from "../translator/translator.ts";
import { compileAttributes } from "./attributes.ts";
import { ATTRIBUTES_SCHEMA } from "./attributes-schema.ts";
import type { BuildContext } from "./build/build-context.ts";
import { buildDefinitions } from "./build/build-definitions.ts";
import { loadProblems } from "./build/load-problems.ts";
import { RockyComponentError, reasonOf } from "./component-error.ts";
import type { RockyCodeOptions, RockyComponentOptions } from "./options.ts";
import { RESOURCE_KEY, resourceDefinition } from "./resource-definition.ts";
import { lazyCompute } from "./lazy-compute.ts";
import { readState } from "./state/read-state.ts";
import { importTranslator } from "./translator-class.ts";

/**
 * The component that `type: dagster_rocky.RockyComponent` names.
 *
 * What YAML cannot hold comes from a class of the project:
 *
 *     export const ShopRocky = RockyComponent.extend({
 *       translator: new ShopTranslator(),
 *       postStateWriteHook: (path) => pushToBucket(path),
 *     });
 *
 * and `type: my_components.ShopRocky` in `defs.yaml`. `class ShopRocky extends RockyComponent` with
 * `static override readonly code = { … }` does the same.
 */
export class RockyComponent implements StateBackedComponent {
  static readonly typeName: string = "dagster_rocky.RockyComponent";
  static readonly attributesSchema: object = ATTRIBUTES_SCHEMA;
  /** Attributes that are code. */
  static readonly code: RockyCodeOptions = {};

  readonly options: RockyComponentOptions;

  constructor(options: RockyComponentOptions) {
    this.options = options;
  }

  /** From the attributes of a `defs.yaml`. Throws a `RockyComponentError` that names the attribute. */
  static create(attributes: unknown, scope: TemplateScope): RockyComponent {
    // Subclasses inherit this and must get an instance of themselves, with their own code.
    // biome-ignore lint/complexity/noThisInStatic: see above
    return new this(compileAttributes(attributes, scope, this.code));
  }

  /** A component class that adds `code` to what this class has. */
  static extend(code: RockyCodeOptions): typeof RockyComponent {
    // biome-ignore lint/complexity/noThisInStatic: a class that was extended may be extended again
    const Base = this;
    return class extends Base {
      static override readonly code = { ...Base.code, ...code };
    };
  }

  get defsStateConfig(): DefsStateConfig {
    return this.options.defsState;
  }

  async writeStateToPath(
    path: string,
    context: ComponentLoadContext,
    signal?: AbortSignal,
  ): Promise<RefreshReport> {
    // A load needs none of this.
    const [{ createRockyResource }, { writeState }] = await Promise.all([
      import("../resource/create-resource.ts"),
      import("./state/write-state.ts"),
    ]);
    const engine = createRockyResource(this.options, { projectRoot: context.projectRoot, env: context.env });
    const report = await writeState(path, {
      options: this.options,
      projectRoot: context.projectRoot,
      engine,
      log: context.log,
      signal,
    });
    context.log.info(engine.describeEngine());
    return report;
  }

  async beforeLoad(context: ComponentLoadContext, statePath: string): Promise<void> {
    const { options } = this;
    const wanted = options.discoverOnMissingState && options.defsState.managementType === "LOCAL_FILESYSTEM";
    if (!wanted || context.env.DAGSTER_IS_DEV_CLI || existsSync(statePath)) return;
    context.log.info(
      `${options.defsState.key} has no state yet; it is written now (discover_on_missing_state).`,
    );
    try {
      const { problems } = await this.writeStateToPath(statePath, context);
      for (const problem of problems) context.log.warn(problem);
    } catch (error) {
      if (options.strictBuild) throw error;
      context.log.warn(`Missing state could not be written, so there are no assets: ${reasonOf(error)}`);
    }
  }

  async buildDefsFromState(
    context: ComponentLoadContext,
    statePath: string | undefined,
  ): Promise<Definitions> {
    if (statePath === undefined) return this.withoutState(context);
    const options = { ...this.options, translator: await this.#translator(context) };
    const { contractsDir, defsState } = options;
    const state = await readState(statePath, defsState.key);
    const warn = (message: string) => context.log.warn(message);
    const build: BuildContext = {
      options,
      state,
      contracts: contractsDir
        ? discoverContractRules(resolve(context.projectRoot, contractsDir), warn)
        : new Map(),
      computeFor: (plan) => lazyCompute(plan, { ...options, resourceKey: RESOURCE_KEY }),
      resourceKey: RESOURCE_KEY,
      problems: loadProblems(context.log),
      log: context.log,
    };
    const sensors = options.enableSensor ? await import("./component-sensor.ts") : undefined;
    return buildDefinitions(build, resourceDefinition(options, context), (assets) =>
      sensors?.componentSensor(build, assets, context),
    );
  }

  /** Contracts are read on every load, so that a changed one shows without a refresh. */
  loadInputs({ projectRoot }: ComponentLoadContext): readonly string[] {
    const { contractsDir } = this.options;
    if (contractsDir === undefined) return [];
    const folder = resolve(projectRoot, contractsDir);
    return [folder, ...contractFiles(folder).map((file) => join(folder, file))];
  }

  /** Nothing is known yet, which is normal for a new project and an error for one that says so. */
  withoutState(context: ComponentLoadContext): Definitions {
    const { key } = this.options.defsState;
    const message = `${key} has no state, so it has no assets. Write it with "dagster-rocky refresh".`;
    if (this.options.strictBuild) throw new RockyComponentError("STATE_MISSING", `strict_build: ${message}`);
    context.log.warn(message);
    return {
      assets: [],
      assetChecks: [],
      jobs: [],
      schedules: [],
      sensors: [],
      resources: {},
      metadata: {},
    };
  }

  async #translator(context: ComponentLoadContext): Promise<RockyDagsterTranslator> {
    const { translator, translatorClass } = this.options;
    return translatorClass === undefined ? translator : importTranslator(translatorClass, context);
  }
}
