import {
  buildModel,
  type Contract,
  loadContract,
  type Model,
  type ModelSource,
  type ModelsFolder,
} from "../../models/index.ts";
import type { Files, FileStamp, FileWarning } from "../../ports.ts";
import { digest } from "../digest.ts";

/** A model's files as found, with the folder that they were found in. */
export interface Found {
  readonly source: ModelSource;
  readonly folder: ModelsFolder;
}

/** The files of a model, seen from outside. */
export interface Outside {
  /** Differs as soon as one of them was written, replaced, added or taken away. */
  readonly stamp: string;
  /** When the last of them changed, in microseconds. */
  readonly newest: number;
}

const fileText = ({ size, inode, modified, changed }: FileStamp): string =>
  `${size} ${modified} ${changed} ${inode}`;

const filesOf = ({ file, sidecar, contract }: ModelSource): readonly (string | undefined)[] => [
  file,
  sidecar,
  contract,
];

/** Undefined when only reading tells whether the files have changed. */
export const outsideOf = (files: Files, source: ModelSource): Outside | undefined => {
  const { stamp } = files;
  if (stamp === undefined) return undefined;
  let newest = 0;
  const parts: string[] = [];
  for (const path of filesOf(source)) {
    const found = path === undefined ? undefined : stamp(path);
    parts.push(found === undefined ? "-" : fileText(found));
    if (found !== undefined) newest = Math.max(newest, found.modified, found.changed);
  }
  return { stamp: parts.join("/"), newest };
};

/** The texts of a model's files by path, read once. */
export interface ModelTexts {
  readonly texts: ReadonlyMap<string, string>;
  readonly digest: string;
}

export const readTexts = (files: Files, source: ModelSource): ModelTexts => {
  const texts = new Map<string, string>();
  const parts = filesOf(source).map((path) => {
    const text = path === undefined ? undefined : files.read(path);
    if (path !== undefined && text !== undefined) texts.set(path, text);
    return text === undefined ? "-" : `${text.length}:${text}`;
  });
  return { texts, digest: digest(parts.join("")) };
};

/** A model with its own contract, and what was found odd in its files. */
export interface BuiltModel {
  readonly model: Model;
  readonly contract?: Contract;
  readonly warnings: readonly FileWarning[];
}

/** Builds a model from texts that have been read. */
export const buildFrom = ({ source, folder }: Found, { texts }: ModelTexts): BuiltModel => {
  const warnings: FileWarning[] = [];
  const files: Files = {
    ...folder.around.files,
    read: (path) => texts.get(path),
    warn: (warning) => warnings.push(warning),
  };
  const model = buildModel(source, { ...folder.around, files });
  if (source.contract === undefined) return { model, warnings };
  // The file is named after the model's file; the model itself may have another name.
  return { model, warnings, contract: { ...loadContract(files, source.contract), model: model.name } };
};
