import { join } from "node:path";
import type { CreatedComponent } from "./create-components.ts";
import { walkedFolders } from "./component-folders.ts";
import { templateVarsFile } from "./template-vars.ts";
import { findModuleFile, type ProjectLayout, projectFiles } from "./project-layout.ts";

/**
 * What a load looked at. When none of it has changed, a load would most likely give the same again; what a
 * component or a module reads beside it is not known here.
 */
export interface LoadInputs {
  /** Existing or not. */
  readonly files: readonly string[];
  /** Folders whose entries were listed. */
  readonly folders: readonly string[];
  /** Variables that were read, with their values. */
  readonly env: Readonly<Record<string, string | null>>;
  /** False when more was read than is listed here, or when a repeated load may give something else. */
  readonly isComplete: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

/** The same environment, remembering which variables were asked for. */
export const recordEnv = (env: Env) => {
  const reads: Record<string, string | null> = {};
  let isComplete = true;
  const note = (name: string | symbol): void => {
    if (typeof name === "string") reads[name] = env[name] ?? null;
  };
  const recorded = new Proxy(env, {
    get(target, name) {
      note(name);
      return Reflect.get(target, name) as unknown;
    },
    has(target, name) {
      note(name);
      return Reflect.has(target, name);
    },
    getOwnPropertyDescriptor(target, name) {
      note(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
    ownKeys(target) {
      isComplete = false;
      return Reflect.ownKeys(target);
    },
  });
  return { env: recorded, reads: () => ({ env: { ...reads }, isComplete }) };
};

const moduleFiles = (layout: ProjectLayout, created: readonly CreatedComponent[]): readonly string[] => {
  const used = created.flatMap(({ declaration: { typeName } }) => {
    const dot = typeName.lastIndexOf(".");
    const file = dot < 0 ? undefined : findModuleFile(layout, typeName.slice(0, dot));
    return file === undefined ? [] : [file];
  });
  const plain = layout.definitionsModule === undefined ? [] : [layout.definitionsModule];
  const vars = created.flatMap(({ declaration: { settings, outer } }) =>
    [...outer, settings].flatMap(({ templateVarsModule: name, folder, document }) =>
      name === undefined ? [] : [templateVarsFile(name, layout, folder, document)],
    ),
  );
  return [...Object.values(layout.componentModules), ...used, ...vars, ...plain];
};

/** Collects the inputs of a load that has ended. */
export const loadInputs = (
  layout: ProjectLayout,
  created: readonly CreatedComponent[],
  stateFiles: readonly string[],
  reads: Pick<LoadInputs, "env" | "isComplete">,
): LoadInputs => {
  const own = created.flatMap(({ component, context }) => component.loadInputs?.(context) ?? []);
  const declared = created.map(({ declaration }) => join(layout.root, declaration.document.file));
  return {
    files: [
      ...new Set([
        ...projectFiles(layout.root),
        ...declared,
        ...moduleFiles(layout, created),
        ...stateFiles,
        ...own,
      ]),
    ],
    folders: layout.defsFolder === undefined ? [] : walkedFolders(layout.defsFolder),
    ...reads,
  };
};
