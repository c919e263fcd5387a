import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkIdentifier } from "../adapters/identifiers.ts";
import { RockyError } from "../errors.ts";
import { didYouMean } from "../suggest.ts";
import { login } from "./login.ts";

/** A named place for runs with `--branch`: its tables lie in a schema of their own. */
export interface Branch {
  readonly name: string;
  readonly schema_prefix: string;
  readonly created_at: string;
  readonly created_by: string;
  readonly description?: string;
}

const folder = (cwd: string): string => join(cwd, ".rocky", "branches");

const fileOf = (cwd: string, name: string): string =>
  join(folder(cwd), `${checkIdentifier(name, "the branch")}.json`);

const isBranch = (value: unknown): value is Branch =>
  typeof value === "object" && value !== null && "name" in value && "schema_prefix" in value;

const readBranch = async (path: string): Promise<Branch | undefined> => {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isBranch(value)) return value;
  } catch {
    // Said below, as for any other content.
  }
  throw new RockyError("io_failed", "a branch's file is damaged", {
    where: { file: path },
    hint: "delete it and create the branch again",
  });
};

/** The branches of a project, by name. */
export const listBranches = async (cwd: string): Promise<readonly Branch[]> => {
  const names = await readdir(folder(cwd)).catch((): string[] => []);
  const found = await Promise.all(
    names
      .filter((name) => name.endsWith(".json"))
      .toSorted()
      .map((name) => readBranch(join(folder(cwd), name))),
  );
  return found.filter((branch) => branch !== undefined);
};

export const findBranch = async (cwd: string, name: string): Promise<Branch> => {
  const found = await readBranch(fileOf(cwd, name));
  if (found !== undefined) return found;
  const known = (await listBranches(cwd)).map((branch) => branch.name);
  throw new RockyError("unknown_name", `there is no branch '${name}'`, {
    hint: didYouMean(name, known) ?? `create it: rocky branch create ${name}`,
  });
};

export const createBranch = async (
  cwd: string,
  name: string,
  description: string | undefined,
): Promise<Branch> => {
  const path = fileOf(cwd, name);
  if ((await readBranch(path)) !== undefined)
    throw new RockyError("usage", `branch '${name}' exists already`, { hint: "choose another name" });
  const branch: Branch = {
    name,
    schema_prefix: `branch__${name}`,
    created_at: new Date().toISOString(),
    created_by: login(),
    ...(description === undefined ? {} : { description }),
  };
  await mkdir(folder(cwd), { recursive: true });
  await writeFile(join(cwd, ".rocky", ".gitignore"), "*\n");
  const unfinished = `${path}.${process.pid}.tmp`;
  await writeFile(unfinished, `${JSON.stringify(branch, null, 2)}\n`);
  await rename(unfinished, path);
  return branch;
};

/** False when there was none. Its tables stay. */
export const deleteBranch = async (cwd: string, name: string): Promise<boolean> => {
  const path = fileOf(cwd, name);
  if ((await readFile(path).catch(() => undefined)) === undefined) return false;
  await rm(path);
  return true;
};
