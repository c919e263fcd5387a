import { decodeDocument } from "../../models/document.ts";
import { joinPath, stemOf } from "../../paths.ts";
import type { Environment, Files } from "../../ports.ts";

/** A data file that is loaded as it is, and what its sidecar says. */
export interface SeedFile {
  readonly name: string;
  /** Relative to the working directory. */
  readonly file: string;
  readonly delimiter: "," | "\t";
  readonly target: { readonly catalog?: string; readonly schema?: string; readonly table: string };
  /** SQL type by column, for columns whose type must not be guessed. */
  readonly columnTypes: Readonly<Record<string, string>>;
  readonly preHook?: string;
  readonly postHook?: string;
}

const DATA_FILE = /\.(?:csv|tsv)$/;

const readSeedFile = (files: Files, env: Environment, file: string): SeedFile => {
  const stem = stemOf(file);
  const delimiter = file.endsWith(".tsv") ? "\t" : ",";
  const sidecar = file.replace(DATA_FILE, ".toml");
  const text = files.read(sidecar);
  const bare: SeedFile = { name: stem, file, delimiter, target: { table: stem }, columnTypes: {} };
  if (text === undefined) return bare;
  return decodeDocument(
    text,
    sidecar,
    `seed '${stem}'`,
    env,
    (reader): SeedFile => {
      const name = reader.string("name") ?? stem;
      const target = reader.child("target", (child) => {
        const catalog = child.string("catalog");
        const schema = child.string("schema");
        return {
          ...(catalog === undefined ? {} : { catalog }),
          ...(schema === undefined ? {} : { schema }),
          table: child.string("table") ?? name,
        };
      });
      const preHook = reader.string("pre_hook");
      const postHook = reader.string("post_hook");
      return {
        ...bare,
        name,
        target: target ?? { table: name },
        columnTypes: reader.map("column_types", (value, path) => {
          if (typeof value === "string") return value;
          reader.problems.push({ severity: "error", path, message: "expected the name of a SQL type" });
          return undefined;
        }),
        ...(preHook === undefined ? {} : { preHook }),
        ...(postHook === undefined ? {} : { postHook }),
      };
    },
    { warn: files.warn },
  );
};

/** The seed files of a folder, by file name; undefined when there is no such folder. */
export const findSeedFiles = (
  files: Files,
  env: Environment,
  directory: string,
): readonly SeedFile[] | undefined =>
  files
    .list(directory)
    ?.filter(({ name, kind }) => kind === "file" && DATA_FILE.test(name))
    .map(({ name }) => readSeedFile(files, env, joinPath(directory, name)));
