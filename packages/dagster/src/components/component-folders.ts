import { readdirSync } from "node:fs";
import { join } from "node:path";
import { findDefsFile } from "./project-layout.ts";

const isLoadable = (name: string): boolean =>
  !name.startsWith(".") && name !== "__pycache__" && name !== "node_modules";

const compareNames = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Subfolders that may hold components, in Dagster's order. */
export const componentFolders = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isLoadable(entry.name))
    .map((entry) => join(folder, entry.name))
    .sort(compareNames);

/** Folders whose entries decide which components there are. */
export const walkedFolders = (folder: string): readonly string[] =>
  findDefsFile(folder) === undefined
    ? [folder, ...componentFolders(folder).flatMap(walkedFolders)]
    : [folder];

/** What in a folder decides about components, as a text to compare: its component file, else its subfolders. */
export const folderListing = (folder: string): string => {
  try {
    return findDefsFile(folder) ?? componentFolders(folder).join("\n");
  } catch {
    return "";
  }
};
