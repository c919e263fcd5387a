import { accessSync, constants, readFileSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { RockyError } from "./errors.ts";

/** What `binary_path` stands for. */
export type EngineChoice =
  | { readonly kind: "cli"; readonly path: string }
  | { readonly kind: "embedded"; readonly reason: string };

const DEFAULT_NAME = "rocky";
const OWN_PACKAGE = "@dagster-rocky/rocky";

const isExecutableFile = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

const packageNameAbove = (path: string): string | undefined => {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: unknown };
      // A nameless one only says how Node reads the files of its folder.
      if (typeof name === "string") return name;
    } catch {
      // No package here; look one folder up.
    }
  }
  return undefined;
};

/** Package managers link our launcher into `node_modules/.bin`, so that its real path lies in our package. */
const isOwnLauncher = (path: string): boolean => packageNameAbove(realpathSync(path)) === OWN_PACKAGE;

const onPath = (name: string, path: string | undefined): readonly string[] =>
  (path ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .filter(isExecutableFile);

const missing = (binaryPath: string, where: string): RockyError =>
  new RockyError(
    "binary",
    `The rocky executable ${JSON.stringify(binaryPath)} (binary_path) was not found ${where}. ` +
      "Install it, correct binary_path, or leave binary_path at its default to use the embedded engine.",
    { binary_path: binaryPath },
  );

/**
 * Finds the engine. A path, or a name found on PATH, is run as a subprocess. The default name `rocky` with
 * nothing on PATH but our own launcher means the embedded engine: npm scripts put the launcher there, and
 * starting it would only add a process. Anything else that is missing is an error.
 */
export const chooseEngine = (
  binaryPath: string,
  env: Readonly<Record<string, string | undefined>>,
  projectRoot: string,
): EngineChoice => {
  if (isAbsolute(binaryPath) || /[\\/]/.test(binaryPath)) {
    const path = resolve(projectRoot, binaryPath);
    if (!isExecutableFile(path)) throw missing(binaryPath, `at ${path}`);
    return { kind: "cli", path };
  }
  const found = onPath(binaryPath, env.PATH);
  const foreign = binaryPath === DEFAULT_NAME ? found.find((path) => !isOwnLauncher(path)) : found[0];
  if (foreign !== undefined) return { kind: "cli", path: resolve(projectRoot, foreign) };
  if (binaryPath !== DEFAULT_NAME) throw missing(binaryPath, "on PATH");
  const reason =
    found.length === 0
      ? "no `rocky` is on PATH"
      : `the only \`rocky\` on PATH (${found[0]}) is this package's own launcher`;
  return { kind: "embedded", reason };
};
