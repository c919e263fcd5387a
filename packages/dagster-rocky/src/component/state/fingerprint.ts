import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";

/** What lineage depends on: where the files are, and which engine reads them. */
export interface FingerprintInput {
  readonly projectRoot: string;
  readonly configPath: string;
  readonly modelsDir: string;
  readonly engine: string;
}

const MODEL_FILE = /\.(sql|toml|rocky|csv|json)$/;
const AT_ONCE = 32;

/** Digest of the configuration and of every file that says something about a model. */
export async function projectFingerprint(input: FingerprintInput): Promise<string> {
  const config = resolve(input.projectRoot, input.configPath);
  const files = [config, ...(await modelFiles(resolve(input.projectRoot, input.modelsDir)))];
  const digests = await inBatches(files, AT_ONCE, async (path) => {
    const content = await readFile(path).catch(() => "");
    return createHash("sha256").update(content).digest("hex");
  });
  const hash = createHash("sha256").update(`${input.engine}\n`);
  for (const [i, file] of files.entries()) {
    hash.update(`${relative(input.projectRoot, file).split(sep).join("/")} ${digests[i]}\n`);
  }
  return hash.digest("hex");
}

async function modelFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && MODEL_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** A project of 20,000 models must not open 20,000 files at once. */
async function inBatches<T, R>(
  items: readonly T[],
  size: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += size) {
    results.push(...(await Promise.all(items.slice(i, i + size).map(work))));
  }
  return results;
}
