import { refuseCollidingKeys } from "../state/state-key.ts";
import { createAttributeScope } from "./attribute-scope.ts";
import type {
  Component,
  ComponentLoadContext,
  ComponentType,
  StateBackedComponent,
  TemplateScope,
} from "./component.ts";
import { type ComponentDeclaration, discoverComponents } from "./discover.ts";
import { type FileSettings, missingVariables } from "./file-settings.ts";
import type { LoadOptions, LocationSource } from "./loaded-location.ts";
import type { ProjectLayout } from "./project-layout.ts";
import { type ComponentRegistry, createRegistry, importProjectExport } from "./registry.ts";
import { baseScope } from "./template/scope.ts";
import { loadTemplateVars, type TemplateVars, templateVarsFile, templateVarsFrom } from "./template-vars.ts";
import { validateAttributes } from "./validate-attributes.ts";
import { ProjectFileError } from "./project-file-error.ts";

/** A component made from its declaration, with the context it is loaded in. */
export interface CreatedComponent {
  readonly declaration: ComponentDeclaration;
  readonly component: Component | StateBackedComponent;
  readonly context: ComponentLoadContext;
  /** What its templates see. */
  readonly scope: TemplateScope;
  /** Folders that say something about all components in them, the outermost first. */
  readonly folders: readonly CreatedFolder[];
}

/** A folder with a component file of its own; components in the same folder share the object. */
export interface CreatedFolder {
  readonly settings: FileSettings;
  /** Everything that templates below see. */
  readonly names: Readonly<Record<string, unknown>>;
}

export const isStateBacked = (
  component: Component | StateBackedComponent,
): component is StateBackedComponent => "buildDefsFromState" in component;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const findType = async (
  registry: ComponentRegistry,
  declaration: ComponentDeclaration,
): Promise<ComponentType> => {
  try {
    return await registry.find(declaration.typeName);
  } catch (error) {
    throw new ProjectFileError(declaration.document.at(["type"]), messageOf(error), error);
  }
};

/** An attribute error may say which attribute it is about; its line is then the error's. */
const pathOf = (error: unknown): readonly (string | number)[] => {
  const path = (error as { attributePath?: unknown } | undefined)?.attributePath;
  return Array.isArray(path) ? ["attributes", ...path] : ["attributes"];
};

interface Creation {
  readonly type: ComponentType;
  readonly declaration: ComponentDeclaration;
  readonly context: ComponentLoadContext;
  readonly layout: ProjectLayout;
  readonly options: LoadOptions;
  readonly folders: readonly CreatedFolder[];
}

/** Later names win: those of outer folders, of the component's type, of its own file. */
const scopeNames = async (creation: Creation): Promise<Readonly<Record<string, unknown>>> => {
  const { type, declaration, context, layout, folders } = creation;
  const { document, settings } = declaration;
  const fail = (problem: string, cause?: unknown): never => {
    throw new ProjectFileError(document.at(["type"]), problem, cause);
  };
  return {
    ...(folders.at(-1)?.names ?? baseNames(creation)),
    ...(await templateVarsFrom(type.templateVars ?? {}, context, fail)),
    ...(await varsOf(settings, layout, context)),
  };
};

const baseNames = ({ layout, options }: Pick<Creation, "layout" | "options">) =>
  baseScope({ env: options.env, projectRoot: layout.root });

const varsOf = async (
  { templateVarsModule, folder, document }: FileSettings,
  layout: ProjectLayout,
  context: ComponentLoadContext,
): Promise<TemplateVars> => {
  if (templateVarsModule === undefined) return {};
  return loadTemplateVars(templateVarsFile(templateVarsModule, layout, folder, document), context, document);
};

const create = async (creation: Creation): Promise<Pick<CreatedComponent, "component" | "scope">> => {
  const { type, declaration } = creation;
  const { document, attributes } = declaration;
  validateAttributes(type.attributesSchema, document, attributes);
  const scope = createAttributeScope(document, await scopeNames(creation));
  try {
    return { component: type.create(attributes, scope), scope };
  } catch (error) {
    if (error instanceof ProjectFileError) throw error;
    throw new ProjectFileError(document.at(pathOf(error)), messageOf(error), error);
  }
};

const contextOf = (folder: string, layout: ProjectLayout, options: LoadOptions): ComponentLoadContext => ({
  projectRoot: layout.root,
  path: folder,
  isReconstruction: options.reconstruction !== undefined,
  env: options.env,
  log: options.log,
  importExport: (name) => importProjectExport(layout, name),
});

const createFolders = (layout: ProjectLayout, options: LoadOptions) => {
  const known = new Map<FileSettings, CreatedFolder>();
  return async (outer: readonly FileSettings[]): Promise<readonly CreatedFolder[]> => {
    const folders: CreatedFolder[] = [];
    for (const settings of outer) {
      const names = folders.at(-1)?.names ?? baseNames({ layout, options });
      const context = contextOf(settings.folder, layout, options);
      const folder = known.get(settings) ?? {
        settings,
        names: { ...names, ...(await varsOf(settings, layout, context)) },
      };
      known.set(settings, folder);
      folders.push(folder);
    }
    return folders;
  };
};

/** Reads every `defs.yaml` of the project and makes its components; builds no definitions. */
export const createComponents = async (
  source: LocationSource,
  layout: ProjectLayout,
  options: LoadOptions,
): Promise<readonly CreatedComponent[]> => {
  if (layout.defsFolder === undefined) return [];
  const registry = createRegistry(layout, source.registryModule);
  const findFolders = createFolders(layout, options);
  const created: CreatedComponent[] = [];
  for (const declaration of discoverComponents(layout.defsFolder, layout.root)) {
    const type = await findType(registry, declaration);
    const context = contextOf(declaration.folder, layout, options);
    const folders = await findFolders(declaration.outer);
    const creation = { type, declaration, context, layout, options, folders };
    created.push({ declaration, context, folders, ...(await create(creation)) });
  }
  const settings = new Set(
    created.flatMap(({ declaration }) => [...declaration.outer, declaration.settings]),
  );
  for (const one of settings) {
    for (const problem of missingVariables(one, options.env)) options.log.warn(problem);
  }
  refuseCollidingKeys(
    created.flatMap(({ component }) => (isStateBacked(component) ? [component.defsStateConfig.key] : [])),
  );
  return created;
};
