import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { knownTables } from "../packages/dagster/src/wire/host-table.ts";
import { ensurePython, type PythonEnvironment } from "./python.ts";

/** A Dagster release to compare with. */
export interface Release {
  readonly version: string;
  /** The one of `conformance/requirements.txt`; everything can be compared with it. */
  readonly isPinned: boolean;
}

const requirementsOf = (root: string): string => join(root, "conformance/requirements.txt");

/** A release by its version, or `newest` (the pinned one) or `oldest` (the first with a class table). */
export function releaseNamed(root: string, name: string): Release {
  const pinned = /^dagster==(\S+)$/m.exec(readFileSync(requirementsOf(root), "utf8"))?.[1];
  if (pinned === undefined) throw new Error("conformance/requirements.txt pins no dagster");
  const version = name === "newest" ? pinned : name === "oldest" ? knownTables()[0].version : name;
  return { version, isPinned: version === pinned };
}

/** The pinned peers, or the same with another Dagster (whose libraries follow its minor); made on first use. */
export async function releaseEnvironment(
  root: string,
  release: Release,
  work: string,
): Promise<PythonEnvironment> {
  const pinned = requirementsOf(root);
  const { version, isPinned } = release;
  if (isPinned) return ensurePython(root, "conformance", pinned);
  const library = version.replace(/^1\.(\d+)/, (_all, minor: string) => `0.${Number(minor) + 16}`);
  const text = readFileSync(pinned, "utf8")
    .replace(/^(dagster|dagster-webserver)==.*$/gm, `$1==${version}`)
    .replace(/^(dagster-postgres|dagster-aws)==.*$/gm, `$1==${library}`)
    // The Python component names the Dagster that it needs.
    .replace(/^dagster-rocky==.*\n/m, "");
  const requirements = join(work, `requirements-${version}.txt`);
  writeFileSync(requirements, text);
  return ensurePython(root, `conformance-${version}`, requirements);
}
