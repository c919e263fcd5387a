import { compact, type TableReader } from "../config/reader.ts";
import { RockyError } from "../errors.ts";
import { baseName, joinPath } from "../paths.ts";
import type { Files } from "../ports.ts";
import { decodeDocument } from "./document.ts";
import type { Contract } from "./types.ts";

const SUFFIX = ".contract.toml";

const decodeContract =
  (model: string, file: string) =>
  (reader: TableReader): Contract => {
    const rules = reader.child("rules", (child) => {
      child.boolean("no_new_nullable", false);
      return { required: child.strings("required") ?? [], protected: child.strings("protected") ?? [] };
    });
    return {
      model,
      file,
      columns: reader.children("columns", (child) =>
        compact({
          name: child.requiredString("name"),
          type: child.string("type"),
          nullable: child.has("nullable") ? child.boolean("nullable", true) : undefined,
          description: child.string("description"),
        }),
      ),
      required: rules?.required ?? [],
      protected: rules?.protected ?? [],
    };
  };

/** Reads one contract; environment variables are not filled in here. */
export const loadContract = (files: Files, file: string): Contract => {
  const model = baseName(file).slice(0, -SUFFIX.length);
  const text = files.read(file);
  if (text === undefined)
    throw new RockyError("model_invalid", `contract of '${model}' cannot be read`, { where: { file } });
  return decodeDocument(text, file, `contract of '${model}'`, undefined, decodeContract(model, file), {
    warn: files.warn,
  });
};

/** Every `*.contract.toml` directly in a folder, sorted by name; undefined when there is no such folder. */
export const loadContracts = (files: Files, directory: string): readonly Contract[] | undefined => {
  const entries = files.list(directory);
  if (entries === undefined) return undefined;
  return Object.freeze(
    entries
      .filter((entry) => entry.kind === "file" && entry.name.endsWith(SUFFIX))
      .map((entry) => loadContract(files, joinPath(directory, entry.name))),
  );
};
