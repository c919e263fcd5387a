// Gets a fresh clone ready (install, build) and hands over to one task of this folder. Plain JavaScript, because
// nothing is installed yet when it starts.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const tasks = ["start", "test", "conformance", "bench"];
const [task = "", ...args] = process.argv.slice(2);
if (!tasks.includes(task)) {
  console.error(`Unknown task '${task}'. Known tasks: ${tasks.join(", ")}.`);
  process.exit(2);
}

const minimum = [20, 20];
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < minimum[0] || (major === minimum[0] && minor < minimum[1])) {
  console.error(`Node ${minimum.join(".")} or newer is needed; this is ${process.version}.`);
  process.exit(1);
}

/** Runs one command in the project folder and stops here when it fails. */
function run(command, commandArgs) {
  const { status, error } = spawnSync(command, commandArgs, { cwd: root, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** npm leaves a copy of the lock file of what it installed; another one means an old installation. */
function isInstalled() {
  const installed = `${root}node_modules/.package-lock.json`;
  if (!existsSync(installed)) return false;
  const versions = (file, prefix) =>
    Object.entries(JSON.parse(readFileSync(file, "utf8")).packages)
      .filter(([name, entry]) => name.startsWith(prefix) && !entry.optional && !entry.link)
      .map(([name, { version }]) => `${name}@${version}`)
      .sort()
      .join("\n");
  return versions(installed, "node_modules/") === versions(`${root}package-lock.json`, "node_modules/");
}

// Not `npm ci`: it refuses a lock file without the optional binaries of platforms that a registry does not carry.
if (!isInstalled()) run("npm", ["install", "--no-save", "--no-fund", "--no-audit"]);
run("npm", ["run", "--silent", "build"]);

const { createJiti } = await import("jiti");
const { main } = await createJiti(import.meta.url).import(`./${task}.ts`);
process.exitCode = await main(args);
