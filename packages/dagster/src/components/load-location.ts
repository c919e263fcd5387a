import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { coerceMetadata } from "../definitions/coerce-metadata.ts";
import { Definitions } from "../definitions/define.ts";
import { buildComponent } from "./build-component.ts";
import { withCodeReferences } from "./code-references.ts";
import type { DefinitionsContext } from "./component.ts";
import { type CreatedComponent, createComponents, isStateBacked } from "./create-components.ts";
import { importModule } from "./import-module.ts";
import { loadInputs, recordEnv } from "./load-inputs.ts";
import type { ComponentInstance, LoadedLocation, LoadOptions, LocationSource } from "./loaded-location.ts";
import type { SourcePosition } from "./project-file-error.ts";
import { findProjectLayout, ProjectLayoutError } from "./project-layout.ts";
import { processComponents } from "./process-components.ts";
import { separateComponents } from "./separate-components.ts";

/** A module may export the definitions themselves or a function that makes them. */
const importDefinitions = async (file: string, context: DefinitionsContext): Promise<Definitions> => {
  const { defs } = await importModule(pathToFileURL(file));
  const value: unknown =
    typeof defs === "function" ? await (defs as (context: DefinitionsContext) => unknown)(context) : defs;
  if (typeof value !== "object" || value === null || !("assets" in value)) {
    throw new ProjectLayoutError(
      `${file} must export \`defs\`: definitions, or a function that returns them`,
    );
  }
  return value as Definitions;
};

const definitionsContext = (
  projectRoot: string,
  { env, log, reconstruction }: LoadOptions,
): DefinitionsContext => ({
  projectRoot,
  env,
  log,
  isReconstruction: reconstruction !== undefined,
  reconstruction: reconstruction?.metadata ?? {},
});

/** What the module left for the processes that load it again. */
const reconstructionOf = ({ metadata }: Definitions): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(coerceMetadata(metadata)).flatMap(([label, value]) =>
      value.kind === "codeLocationReconstruction" ? [[label, value.data]] : [],
    ),
  );

/** Where a component is written, and after that the folders around it that have files of their own. */
const placesOf = ({ declaration, folders }: CreatedComponent, root: string): readonly SourcePosition[] =>
  [declaration.document, ...folders.map(({ settings }) => settings.document).reverse()].map((document) => {
    const place = document.at();
    return { ...place, file: resolve(root, place.file) };
  });

/** Loads a project: its components and, where configured, its plain module. No network and no subprocess. */
export const loadLocation = async (source: LocationSource, given: LoadOptions): Promise<LoadedLocation> => {
  const recorded = recordEnv(given.env);
  const options: LoadOptions = { ...given, env: recorded.env };
  const layout = findProjectLayout(source.projectRoot);
  const { defsFolder = layout.root, definitionsModule } = layout;
  const created = await createComponents(source, layout, options);
  const built = await Promise.all(created.map((component) => buildComponent(component, options, defsFolder)));
  const plain =
    definitionsModule === undefined
      ? []
      : [await importDefinitions(definitionsModule, definitionsContext(layout.root, options))];
  const states = built.flatMap(({ state }) => (state === undefined ? [] : [state]));
  const stateInfo = Object.fromEntries(states.map(({ key, info }) => [key, info]));
  const parts = separateComponents(built.map(({ definitions }) => definitions));
  const referring = parts.map((part, index) => {
    const one = created[index];
    return one === undefined ? part : withCodeReferences(part, placesOf(one, layout.root));
  });
  const metadata: Record<string, string> = Object.assign(
    {},
    ...built.map((component) => component.metadata),
    ...plain.map(reconstructionOf),
  );
  // State that is fetched at every start, or at this one, makes the next start another load.
  const isRepeatable = created.every(
    ({ component }) =>
      !isStateBacked(component) || component.defsStateConfig.managementType === "LOCAL_FILESYSTEM",
  );
  const hasAllState = states.every(({ info }) => info !== null);
  const reads = recorded.reads();
  const stateFiles = built.flatMap(({ stateFile }) => (stateFile === undefined ? [] : [stateFile]));
  return Object.freeze({
    name: layout.locationName,
    definitions: Definitions.merge(...processComponents(created, referring), ...plain),
    components: created.map(({ component, declaration }): ComponentInstance => {
      const { key, typeName } = declaration;
      if (!isStateBacked(component)) return { key, typeName };
      const { key: stateKey, managementType } = component.defsStateConfig;
      return { key, typeName, stateKey, managementType };
    }),
    ...(states.length === 0 ? {} : { stateInfo }),
    stateFiles,
    inputs: loadInputs(
      layout,
      created,
      stateFiles.map(({ path }) => path),
      { ...reads, isComplete: reads.isComplete && isRepeatable && hasAllState },
    ),
    reconstruction: { ...(states.length === 0 ? {} : { stateInfo }), metadata },
  });
};
