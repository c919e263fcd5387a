import { createHash, randomUUID } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { folderListing } from "../../components/component-folders.ts";
import { fileDigest } from "../../state/file-digest.ts";
import type { LoadInputs } from "../../components/load-inputs.ts";

/** One file as it was. The digest decides when the rest differs: a copied image has other times. */
interface FilePrint {
  readonly path: string;
  /** `missing`, or size and modification time. */
  readonly stat: string;
  readonly digest: string;
}

/** Everything that a load looked at, in a form that can be compared in another process. */
export interface InputPrints {
  readonly files: readonly FilePrint[];
  readonly folders: readonly { readonly path: string; readonly digest: string }[];
  /** Variable to a salted digest of its value: the values themselves may be secrets. */
  readonly env: Readonly<Record<string, string>>;
  readonly salt: string;
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

const digestOf = (path: string): string => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return MISSING;
  if (!found.isDirectory()) return fileDigest(path);
  return sha([...filesBelow(path)].map((file) => `${file} ${digestOf(file)}`).join("\n"));
};

const envDigest = (salt: string, value: string | null): string =>
  sha(`${salt} ${value === null ? "" : `=${value}`}`);

export const printInputs = (inputs: LoadInputs): InputPrints => {
  const salt = randomUUID();
  return {
    files: inputs.files.map((path) => ({ path, stat: statOf(path), digest: digestOf(path) })),
    folders: inputs.folders.map((path) => ({ path, digest: sha(folderListing(path)) })),
    env: Object.fromEntries(
      Object.entries(inputs.env).map(([name, value]) => [name, envDigest(salt, value)]),
    ),
    salt,
  };
};

/** Whether nothing that was looked at has changed. */
export const inputsUnchanged = (prints: InputPrints, env: Env): boolean =>
  Object.entries(prints.env).every(
    ([name, digest]) => envDigest(prints.salt, env[name] ?? null) === digest,
  ) &&
  prints.folders.every(({ path, digest }) => sha(folderListing(path)) === digest) &&
  prints.files.every(({ path, stat, digest }) => statOf(path) === stat || digestOf(path) === digest);
