import { pathToFileURL } from "node:url";
import { Definitions } from "../definitions/define.ts";
import { buildComponent } from "./build-component.ts";
import { createComponents, isStateBacked } from "./create-components.ts";
import { importModule } from "./import-module.ts";
import type { ComponentInstance, LoadedLocation, LoadOptions, LocationSource } from "./loaded-location.ts";
import { findProjectLayout, ProjectLayoutError } from "./project-layout.ts";
import { separateComponents } from "./separate-components.ts";

/** A module may export the definitions themselves or a function that makes them. */
const importDefinitions = async (file: string): Promise<Definitions> => {
  const { defs } = await importModule(pathToFileURL(file));
  const value: unknown = typeof defs === "function" ? await (defs as () => unknown)() : defs;
  if (typeof value !== "object" || value === null || !("assets" in value)) {
    throw new ProjectLayoutError(
      `${file} must export \`defs\`: definitions, or a function that returns them`,
    );
  }
  return value as Definitions;
};

/** Loads a project: its components and, where configured, its plain module. No network and no subprocess. */
export const loadLocation = async (source: LocationSource, options: LoadOptions): Promise<LoadedLocation> => {
  const layout = findProjectLayout(source.projectRoot);
  const { defsFolder = layout.root, definitionsModule } = layout;
  const created = await createComponents(source, layout, options);
  const built = await Promise.all(created.map((component) => buildComponent(component, options, defsFolder)));
  const plain = definitionsModule === undefined ? [] : [await importDefinitions(definitionsModule)];
  const states = built.flatMap(({ state }) => (state === undefined ? [] : [state]));
  const stateInfo = Object.fromEntries(states.map(({ key, info }) => [key, info]));
  const metadata: Record<string, string> = Object.assign({}, ...built.map((component) => component.metadata));
  return Object.freeze({
    name: layout.locationName,
    definitions: Definitions.merge(
      ...separateComponents(built.map(({ definitions }) => definitions)),
      ...plain,
    ),
    components: created.map(({ component, declaration }): ComponentInstance => {
      const { key, typeName } = declaration;
      if (!isStateBacked(component)) return { key, typeName };
      const { key: stateKey, managementType } = component.defsStateConfig;
      return { key, typeName, stateKey, managementType };
    }),
    ...(states.length === 0 ? {} : { stateInfo }),
    stateFiles: built.flatMap(({ stateFile }) => (stateFile === undefined ? [] : [stateFile])),
    reconstruction: { ...(states.length === 0 ? {} : { stateInfo }), metadata },
  });
};
