import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The packages as npm would deliver them, and a folder in which they are installed. */
export interface Installation {
  readonly tarballs: readonly string[];
  /** Folders below it find the packages, as those of a user's project do. */
  readonly folder: string;
}

/** Packs the workspace and installs it outside of the repository, so that nothing else of it is in reach. */
export function installPackages(root: string, work: string): Installation {
  const packed = join(work, "packed");
  const folder = join(work, "installed");
  mkdirSync(packed, { recursive: true });
  mkdirSync(folder, { recursive: true });
  npm(root, ["pack", "--workspaces", "--silent", "--pack-destination", packed]);
  const tarballs = readdirSync(packed).map((name) => join(packed, name));
  npm(folder, ["init", "--yes", "--silent"]);
  npm(folder, ["pkg", "set", "type=module"]);
  npm(folder, ["install", "--silent", "--no-audit", "--no-fund", "--prefer-offline", ...tarballs]);
  return { tarballs, folder };
}

function npm(cwd: string, args: readonly string[]): void {
  const { status, stderr, stdout } = spawnSync("npm", args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm ${args[0]} ended with exit code ${status}: ${stdout}${stderr}`);
}
