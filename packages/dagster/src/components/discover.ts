import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { didYouMean } from "../text-distance.ts";
import { componentFolders } from "./component-folders.ts";
import { type FileSettings, readFileSettings } from "./file-settings.ts";
import { findDefsFile } from "./project-layout.ts";
import { ProjectFileError, type SourcePosition } from "./project-file-error.ts";
import { parseYamlFile, type YamlDocument } from "./yaml-file.ts";

/** One component as a YAML document declares it. */
export interface ComponentDeclaration {
  /** Dagster's name for the place, such as `marts/rocky[0]`. */
  readonly key: string;
  readonly typeName: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Folder of the file. */
  readonly folder: string;
  readonly document: YamlDocument;
  readonly position: SourcePosition;
  readonly settings: FileSettings;
  /** Those of the folders that it lies in, the outermost first. */
  readonly outer: readonly FileSettings[];
}

const KEYS = ["type", "attributes", "template_vars_module", "requirements", "post_processing"];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

const readDeclaration = (
  document: YamlDocument,
  folder: string,
  key: string,
  outer: readonly FileSettings[],
): ComponentDeclaration => {
  const { value } = document;
  if (!isRecord(value))
    throw new ProjectFileError(document.at(), "expected a mapping with `type` and `attributes`");
  for (const name of Object.keys(value)) {
    if (!KEYS.includes(name)) {
      throw new ProjectFileError(document.atKey([name]), `unknown key "${name}"${didYouMean(name, KEYS)}`);
    }
  }
  const { type, attributes } = value;
  if (typeof type !== "string" || type === "") {
    throw new ProjectFileError(
      document.at(["type"]),
      '"type" must name a component, such as `package.Component`',
    );
  }
  if (isSet(attributes) && !isRecord(attributes)) {
    throw new ProjectFileError(document.at(["attributes"]), '"attributes" must be a mapping');
  }
  return {
    key,
    typeName: type,
    attributes: isRecord(attributes) ? attributes : {},
    folder,
    document,
    position: document.at(),
    settings: readFileSettings(document, folder, value),
    outer,
  };
};

/** A type that stands for the folder itself, as in Dagster. */
const FOLDER_TYPE = "dagster.DefsFolderComponent";

function* walk(
  folder: string,
  root: { readonly defsFolder: string; readonly projectRoot: string },
  outer: readonly FileSettings[],
): Generator<ComponentDeclaration> {
  const file = findDefsFile(folder);
  if (file === undefined) {
    for (const child of componentFolders(folder)) yield* walk(child, root, outer);
    return;
  }
  const name = relative(root.projectRoot, file) || file;
  const documents = parseYamlFile(readFileSync(file, "utf8"), name);
  if (documents.length === 0) {
    throw new ProjectFileError({ file: name, line: 1, column: 1 }, "the file declares no component");
  }
  const place = relative(root.defsFolder, folder).split(sep).join("/") || ".";
  for (const [index, document] of documents.entries()) {
    const declaration = readDeclaration(document, folder, `${place}[${index}]`, outer);
    if (declaration.typeName === FOLDER_TYPE) {
      const inner = [...outer, declaration.settings];
      for (const child of componentFolders(folder)) yield* walk(child, root, inner);
    } else {
      yield declaration;
    }
  }
}

/**
 * Every component below the defs folder, in Dagster's order. A folder with a component file ends the descent,
 * except when it declares the folder component.
 */
export const discoverComponents = (
  defsFolder: string,
  projectRoot: string,
): readonly ComponentDeclaration[] => [...walk(defsFolder, { defsFolder, projectRoot }, [])];
