import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parse as parseToml, TomlError } from "smol-toml";
import { ProjectFileError } from "./project-file-error.ts";

/** Where the parts of a project lie. All paths are absolute. */
export interface ProjectLayout {
  readonly root: string;
  /** Folder whose `defs.yaml` files are loaded, and beside which state is kept; absent for plain modules. */
  readonly defsFolder?: string;
  /** Module that exports `defs`, for locations written in TypeScript without components. */
  readonly definitionsModule?: string;
  /** Component module name (`my_components`) to its file. */
  readonly componentModules: Readonly<Record<string, string>>;
  readonly locationName: string;
}

/** A folder that cannot be served. */
export class ProjectLayoutError extends Error {
  override readonly name = "ProjectLayoutError";
}

type Table = Readonly<Record<string, unknown>>;

const table = (value: unknown): Table =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Table) : {};

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const readToml = (path: string): Table => {
  try {
    return parseToml(readFileSync(path, "utf8"));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n")[0] ?? "";
    throw new ProjectFileError({ file: path, line: error.line, column: error.column }, reason, error);
  }
};

const readJson = (path: string): Table => {
  try {
    return table(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ProjectLayoutError(`${path} is not valid JSON: ${error.message}`, { cause: error });
  }
};

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** What the project's files say, before paths are checked. */
interface ProjectSettings {
  readonly file: string;
  readonly defs?: string;
  readonly definitions?: string;
  readonly components: Table;
  readonly locationName?: string;
}

/** A `dg` project names a Python module; its folder lies under `src/` or directly in the root. */
const moduleFolder = (root: string, module: string): string => {
  const path = join(...module.split("."));
  const source = join(root, "src", path);
  return isFolder(source) ? source : join(root, path);
};

const dgSettings = (root: string, file: string, project: Table, own: Table): ProjectSettings | undefined => {
  const rootModule = text(project.root_module);
  const module = text(project.defs_module) ?? (rootModule && `${rootModule}.defs`);
  if (module === undefined) return undefined;
  const locationName = text(project.code_location_name);
  return {
    file,
    defs: moduleFolder(root, module),
    components: table(own.components),
    ...(locationName === undefined ? {} : { locationName }),
  };
};

const packageSettings = (file: string): ProjectSettings | undefined => {
  const own = readJson(file).dagster;
  if (own === undefined) return undefined;
  const settings = table(own);
  const defs = text(settings.defs);
  const definitions = text(settings.definitions);
  const locationName = text(settings.location_name);
  return {
    file,
    components: table(settings.components),
    ...(defs === undefined ? {} : { defs }),
    ...(definitions === undefined ? {} : { definitions }),
    ...(locationName === undefined ? {} : { locationName }),
  };
};

/** The configuration files of a project, existing or not. */
export const projectFiles = (root: string): readonly string[] =>
  ["dg.toml", "pyproject.toml", "package.json"].map((name) => join(root, name));

/** Settings of every configuration file that is there, the strongest first. */
const readSettings = (root: string): readonly ProjectSettings[] => {
  const found: (ProjectSettings | undefined)[] = [];
  const dg = join(root, "dg.toml");
  if (existsSync(dg)) {
    const content = readToml(dg);
    found.push(dgSettings(root, dg, table(content.project), table(content["dagster-ts"])));
  }
  const pyproject = join(root, "pyproject.toml");
  if (existsSync(pyproject)) {
    const tool = table(readToml(pyproject).tool);
    found.push(dgSettings(root, pyproject, table(table(tool.dg).project), table(tool["dagster-ts"])));
  }
  const packageFile = join(root, "package.json");
  if (existsSync(packageFile)) found.push(packageSettings(packageFile));
  return found.filter((settings) => settings !== undefined);
};

const DEFS_FILES = ["defs.yaml", "defs.yml", "component.yaml"];

/** The component file of a folder, by Dagster's order of precedence. */
export const findDefsFile = (folder: string): string | undefined =>
  DEFS_FILES.map((name) => join(folder, name)).find((path) => existsSync(path));

const existing = (root: string, settings: ProjectSettings, key: string, path: string): string => {
  const full = resolve(root, path);
  if (!existsSync(full))
    throw new ProjectLayoutError(`${settings.file}: ${key} is ${full}, which does not exist`);
  return full;
};

const componentFiles = (root: string, all: readonly ProjectSettings[]): Record<string, string> => {
  const files: Record<string, string> = {};
  for (const settings of [...all].reverse()) {
    for (const [module, path] of Object.entries(settings.components)) {
      if (typeof path !== "string") {
        throw new ProjectLayoutError(`${settings.file}: components.${module} must be the path of a module`);
      }
      files[module] = existing(root, settings, `components.${module}`, path);
    }
  }
  return files;
};

/**
 * Finds out what a project folder is: a `dg` project (`dg.toml`, `pyproject.toml`), a package whose
 * `package.json` has a `dagster` entry, or a bare folder with a `defs.yaml`, which then is the defs folder.
 */
export const findProjectLayout = (folder: string): ProjectLayout => {
  const root = resolve(folder);
  if (!isFolder(root)) throw new ProjectLayoutError(`project folder ${root} does not exist`);
  const all = readSettings(root);
  const withDefs = all.find((settings) => settings.defs !== undefined);
  const withModule = all.find((settings) => settings.definitions !== undefined);
  const defsFolder = withDefs?.defs
    ? existing(root, withDefs, "the defs folder", withDefs.defs)
    : findDefsFile(root) && root;
  const definitionsModule =
    withModule?.definitions && existing(root, withModule, "definitions", withModule.definitions);
  if (defsFolder === undefined && definitionsModule === undefined) {
    throw new ProjectLayoutError(
      `${root} is not a project: it has no defs.yaml, no dg.toml or pyproject.toml that names a root_module, ` +
        "and no package.json with a `dagster` entry (`defs` or `definitions`)",
    );
  }
  return Object.freeze({
    root,
    ...(defsFolder === undefined ? {} : { defsFolder }),
    ...(definitionsModule === undefined ? {} : { definitionsModule }),
    componentModules: componentFiles(root, all),
    locationName: all.find((settings) => settings.locationName !== undefined)?.locationName ?? basename(root),
  });
};

export const MODULE_ENDINGS = [".ts", ".mts", ".js", ".mjs"];

/**
 * The file of a component module: what the configuration maps the name to, else a file of that name in the
 * project's root.
 */
export const findModuleFile = (layout: ProjectLayout, module: string): string | undefined => {
  if (Object.hasOwn(layout.componentModules, module)) return layout.componentModules[module];
  const base = join(layout.root, ...module.split("."));
  if (!base.startsWith(layout.root)) return undefined;
  return MODULE_ENDINGS.map((ending) => base + ending).find((path) => existsSync(path));
};
