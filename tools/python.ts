import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A private virtual environment with pinned packages. */
export interface PythonEnvironment {
  readonly python: string;
  /** Path of an installed console script, such as `dagster-webserver`. */
  script(name: string): string;
}

const oldest = [3, 10] as const;

/** The first Python 3 on PATH that the stock Dagster supports, or undefined. */
export function findPython(): string | undefined {
  return ["python3", "python"].find((name) => {
    const probe = spawnSync(name, ["-c", "import sys, venv; print(*sys.version_info[:2])"], {
      encoding: "utf8",
    });
    const [major = 0, minor = 0] = (probe.stdout ?? "").trim().split(" ").map(Number);
    return probe.status === 0 && major === oldest[0] && minor >= oldest[1];
  });
}

/**
 * The environment for a requirements file, made on first use and again when the file changes.
 * Environments lie in `<root>/.venv/<name>`.
 */
export async function ensurePython(
  root: string,
  name: string,
  requirements: string,
): Promise<PythonEnvironment> {
  const folder = join(root, ".venv", name);
  const stamp = join(folder, "requirements.sha256");
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  const bin = join(folder, process.platform === "win32" ? "Scripts" : "bin");
  const environment = { python: join(bin, "python"), script: (script: string) => join(bin, script) };
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return environment;

  const python = findPython();
  if (!python)
    throw new Error(`Python ${oldest.join(".")} or newer with its venv module was not found on PATH`);
  console.log(`Installing ${name} (Python packages of ${requirements.slice(root.length + 1)}) ...`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(root, ".venv"), { recursive: true });
  await run(python, ["-m", "venv", folder]);
  await run(environment.python, [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "-r",
    requirements,
  ]);
  writeFileSync(stamp, digest);
  return environment;
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.slice(0, 3).join(" ")} ended with exit code ${code}`);
}
