import { pathToFileURL } from "node:url";
import { didYouMean } from "../text-distance.ts";
import type { ComponentType } from "./component.ts";
import { importModule } from "./import-module.ts";
import { findModuleFile, type ProjectLayout } from "./project-layout.ts";

/** A module that brings component types exports them under this name. */
export interface ComponentRegistryModule {
  readonly componentTypes: readonly ComponentType[];
}

/** Finds the component type that a `type:` text names. */
export interface ComponentRegistry {
  find(typeName: string): Promise<ComponentType>;
}

/** A `type:` that nothing provides. The message names what there is. */
export class UnknownComponentError extends Error {
  override readonly name = "UnknownComponentError";
}

/** An object, or a class with these as static members. */
const isComponentType = (value: unknown): value is ComponentType => {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  const candidate = value as Partial<ComponentType>;
  return typeof candidate.create === "function" && typeof candidate.attributesSchema === "object";
};

const builtIns = async (registryModule: string | undefined): Promise<Map<string, ComponentType>> => {
  if (registryModule === undefined) return new Map();
  const { componentTypes } = (await import(registryModule)) as ComponentRegistryModule;
  return new Map(componentTypes.map((type) => [type.typeName, type]));
};

const moduleOf = (name: string): string | undefined => {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? undefined : name.slice(0, dot);
};

const exportOf = async (name: string, file: string): Promise<unknown> => {
  const exportName = name.slice(name.lastIndexOf(".") + 1);
  const exports = await importModule(pathToFileURL(file));
  const value = Object.hasOwn(exports, exportName) ? exports[exportName] : undefined;
  if (value === undefined) {
    throw new UnknownComponentError(
      `${file} exports no "${exportName}"${didYouMean(exportName, Object.keys(exports))}`,
    );
  }
  return value;
};

/** An export of one of the project's own modules: `my_components.Shop`. */
export const importProjectExport = async (layout: ProjectLayout, name: string): Promise<unknown> => {
  const module = moduleOf(name);
  const file = module === undefined ? undefined : findModuleFile(layout, module);
  if (file !== undefined) return exportOf(name, file);
  const known = Object.keys(layout.componentModules);
  throw new UnknownComponentError(
    `no module of the project provides "${name}"${didYouMean(module ?? name, known)}; modules: ${known.join(", ") || "none"}`,
  );
};

const fromProject = async (typeName: string, file: string): Promise<ComponentType> => {
  const exportName = typeName.slice(typeName.lastIndexOf(".") + 1);
  const value = await exportOf(typeName, file);
  if (!isComponentType(value)) {
    throw new UnknownComponentError(
      `"${exportName}" of ${file} is not a component type: it has no create function`,
    );
  }
  return value;
};

/** The types of the embedding program, then those of the project's own modules. */
export const createRegistry = (layout: ProjectLayout, registryModule?: string): ComponentRegistry => {
  let loaded: Promise<Map<string, ComponentType>> | undefined;
  return {
    async find(typeName) {
      loaded ??= builtIns(registryModule);
      const known = await loaded;
      const builtIn = known.get(typeName);
      if (builtIn !== undefined) return builtIn;
      const module = moduleOf(typeName);
      const file = module === undefined ? undefined : findModuleFile(layout, module);
      if (file !== undefined) return fromProject(typeName, file);
      const names = [...known.keys()];
      const modules = Object.keys(layout.componentModules).map((module) => `${module}.*`);
      const available = [...names, ...modules].join(", ") || "none";
      throw new UnknownComponentError(
        `unknown component type "${typeName}"${didYouMean(typeName, names)}; available: ${available}`,
      );
    },
  };
};
