import { decodeDocument } from "../models/document.ts";
import { joinPath, stemOf } from "../paths.ts";
import type { Environment, Files } from "../ports.ts";
import type { Seed } from "./nodes.ts";

const DATA_FILE = /\.(?:csv|tsv)$/;

/** The seeds of a folder, by file name; undefined when there is no such folder. */
export const findSeeds = (files: Files, env: Environment, directory: string): readonly Seed[] | undefined =>
  files
    .list(directory)
    ?.filter((entry) => entry.kind === "file" && DATA_FILE.test(entry.name))
    .map((entry) => readSeed(files, env, joinPath(directory, entry.name)));

const readSeed = (files: Files, env: Environment, file: string): Seed => {
  const stem = stemOf(file);
  const sidecar = file.replace(DATA_FILE, ".toml");
  const text = files.read(sidecar);
  if (text === undefined) return { name: stem, target: { catalog: "", schema: "", table: stem } };
  return decodeDocument(text, sidecar, `seed '${stem}'`, env, (reader): Seed => {
    const name = reader.string("name") ?? stem;
    const target = reader.child("target", (child) => ({
      catalog: child.string("catalog") ?? "",
      schema: child.string("schema") ?? "",
      table: child.string("table") ?? name,
    }));
    return { name, target: target ?? { catalog: "", schema: "", table: name } };
  });
};
