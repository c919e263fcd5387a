import { createHash, randomUUID } from "node:crypto";
import { createReadStream, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { folderListing } from "../../components/component-folders.ts";
import type { LoadInputs } from "../../components/load-inputs.ts";

/** One file as it was seen from outside. */
interface FileLook {
  readonly path: string;
  /** `missing`, or size and modification time. */
  readonly stat: string;
}

/** The digest decides when the rest differs: a copied image has other times. */
interface FilePrint extends FileLook {
  readonly digest: string;
}

/** Everything that a load looked at, told as soon as it has ended. */
export interface InputLooks {
  readonly files: readonly FileLook[];
  readonly folders: readonly { readonly path: string; readonly digest: string }[];
  /** Variable to a salted digest of its value: the values themselves may be secrets. */
  readonly env: Readonly<Record<string, string>>;
  readonly salt: string;
}

/** The same in a form that can be compared in another process. */
export interface InputPrints extends InputLooks {
  readonly files: readonly FilePrint[];
}

type Env = Readonly<Record<string, string | undefined>>;

const sha = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

const MISSING = "missing";

/** All files below a folder: a component may name one. */
function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

const statOf = (path: string): string => {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  if (found === undefined) return MISSING;
  if (!found.isDirectory()) return `${found.size} ${found.mtimeNs}`;
  return sha([...filesBelow(path)].map((file) => `${file} ${statOf(file)}`).join("\n"));
};

const digestOf = async (path: string): Promise<string> => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return MISSING;
  if (!found.isDirectory()) {
    const hash = createHash("sha256");
    for await (const piece of createReadStream(path)) hash.update(piece);
    return hash.digest("hex");
  }
  const lines: string[] = [];
  for (const file of filesBelow(path)) lines.push(`${file} ${await digestOf(file)}`);
  return sha(lines.join("\n"));
};

const envDigest = (salt: string, value: string | null): string =>
  sha(`${salt} ${value === null ? "" : `=${value}`}`);

export const lookAtInputs = (inputs: LoadInputs): InputLooks => {
  const salt = randomUUID();
  return {
    files: inputs.files.map((path) => ({ path, stat: statOf(path) })),
    folders: inputs.folders.map((path) => ({ path, digest: sha(folderListing(path)) })),
    env: Object.fromEntries(
      Object.entries(inputs.env).map(([name, value]) => [name, envDigest(salt, value)]),
    ),
    salt,
  };
};

/** Reads the files, which nobody waits for. Undefined when one of them is no longer as it was. */
export const printInputs = async (looks: InputLooks): Promise<InputPrints | undefined> => {
  const files: FilePrint[] = [];
  for (const file of looks.files) files.push({ ...file, digest: await digestOf(file.path) });
  return files.every(({ path, stat }) => statOf(path) === stat) ? { ...looks, files } : undefined;
};

/** Whether nothing that was looked at has changed. */
export const inputsUnchanged = async (prints: InputPrints, env: Env): Promise<boolean> => {
  const sameEnv = Object.entries(prints.env).every(
    ([name, digest]) => envDigest(prints.salt, env[name] ?? null) === digest,
  );
  if (!sameEnv || !prints.folders.every(({ path, digest }) => sha(folderListing(path)) === digest))
    return false;
  for (const { path, stat, digest } of prints.files) {
    if (statOf(path) !== stat && (await digestOf(path)) !== digest) return false;
  }
  return true;
};
