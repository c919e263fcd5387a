import { join } from "node:path";
import { refuseCollidingKeys } from "../state/state-key.ts";
import { createAttributeScope } from "./attribute-scope.ts";
import type { Component, ComponentLoadContext, ComponentType, StateBackedComponent } from "./component.ts";
import { type ComponentDeclaration, discoverComponents } from "./discover.ts";
import type { LoadOptions, LocationSource } from "./loaded-location.ts";
import type { ProjectLayout } from "./project-layout.ts";
import { type ComponentRegistry, createRegistry, importProjectExport } from "./registry.ts";
import { baseScope } from "./template/scope.ts";
import { validateAttributes } from "./validate-attributes.ts";
import { ProjectFileError } from "./project-file-error.ts";

/** A component made from its declaration, with the context it is loaded in. */
export interface CreatedComponent {
  readonly declaration: ComponentDeclaration;
  readonly component: Component | StateBackedComponent;
  readonly context: ComponentLoadContext;
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

const create = (
  type: ComponentType,
  declaration: ComponentDeclaration,
  layout: ProjectLayout,
  options: LoadOptions,
): Component | StateBackedComponent => {
  const { document, attributes } = declaration;
  validateAttributes(type.attributesSchema, document, attributes);
  const scope = createAttributeScope(document, baseScope({ env: options.env, projectRoot: layout.root }));
  try {
    return type.create(attributes, scope);
  } catch (error) {
    if (error instanceof ProjectFileError) throw error;
    throw new ProjectFileError(document.at(pathOf(error)), messageOf(error), error);
  }
};

/** Reads every `defs.yaml` of the project and makes its components; builds no definitions. */
export const createComponents = async (
  source: LocationSource,
  layout: ProjectLayout,
  options: LoadOptions,
): Promise<readonly CreatedComponent[]> => {
  if (layout.defsFolder === undefined) return [];
  const registry = createRegistry(layout, source.registryModule);
  const created: CreatedComponent[] = [];
  for (const declaration of discoverComponents(layout.defsFolder, layout.root)) {
    const type = await findType(registry, declaration);
    created.push({
      declaration,
      component: create(type, declaration, layout, options),
      context: {
        projectRoot: layout.root,
        path: join(declaration.folder),
        isReconstruction: options.reconstruction !== undefined,
        env: options.env,
        log: options.log,
        importExport: (name) => importProjectExport(layout, name),
      },
    });
  }
  refuseCollidingKeys(
    created.flatMap(({ component }) => (isStateBacked(component) ? [component.defsStateConfig.key] : [])),
  );
  return created;
};
