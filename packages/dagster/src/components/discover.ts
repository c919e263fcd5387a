import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { didYouMean } from "../text-distance.ts";
import { componentFolders } from "./component-folders.ts";
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
}

const KEYS = ["type", "attributes", "template_vars_module", "requirements", "post_processing"];

/** Keys of Dagster that need Python or are not offered here: better refused than silently left out. */
const REFUSED: Readonly<Record<string, string>> = {
  template_vars_module: "it names a Python module; give the values through the environment instead",
  requirements: "it is for the Python runtime; list what the project needs in its package.json",
  post_processing: "set the attributes on the component, or in its translation",
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

const readDeclaration = (document: YamlDocument, folder: string, key: string): ComponentDeclaration => {
  const { value } = document;
  if (!isRecord(value))
    throw new ProjectFileError(document.at(), "expected a mapping with `type` and `attributes`");
  for (const name of Object.keys(value)) {
    if (!KEYS.includes(name)) {
      throw new ProjectFileError(document.atKey([name]), `unknown key "${name}"${didYouMean(name, KEYS)}`);
    }
    const reason = REFUSED[name];
    if (reason !== undefined && isSet(value[name])) {
      throw new ProjectFileError(document.atKey([name]), `"${name}" is not supported: ${reason}`);
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
  };
};

/** A type that stands for the folder itself, as in Dagster. */
const FOLDER_TYPE = "dagster.DefsFolderComponent";

function* walk(folder: string, defsFolder: string, projectRoot: string): Generator<ComponentDeclaration> {
  const file = findDefsFile(folder);
  if (file === undefined) {
    for (const child of componentFolders(folder)) yield* walk(child, defsFolder, projectRoot);
    return;
  }
  const name = relative(projectRoot, file) || file;
  const documents = parseYamlFile(readFileSync(file, "utf8"), name);
  if (documents.length === 0) {
    throw new ProjectFileError({ file: name, line: 1, column: 1 }, "the file declares no component");
  }
  const place = relative(defsFolder, folder).split(sep).join("/") || ".";
  for (const [index, document] of documents.entries()) {
    const declaration = readDeclaration(document, folder, `${place}[${index}]`);
    if (declaration.typeName === FOLDER_TYPE) {
      for (const child of componentFolders(folder)) yield* walk(child, defsFolder, projectRoot);
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
): readonly ComponentDeclaration[] => [...walk(defsFolder, defsFolder, projectRoot)];
