import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { initRockyProject } from "./init-project.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "scaffold-"));
  folders.push(made);
  return made;
};

test("writes a whole project", async () => {
  const root = join(folder(), "new");
  const files = await initRockyProject(root);
  expect(files.map((file) => file.slice(root.length + 1))).toEqual([
    "defs.yaml",
    "rocky.toml",
    "README.md",
    ".gitignore",
    "models/.gitkeep",
  ]);
});

test("writes nothing over an existing file, unless asked to", async () => {
  const root = folder();
  writeFileSync(join(root, "rocky.toml"), "mine");
  await expect(initRockyProject(root)).rejects.toThrow(/exist already: .*rocky.toml/);
  expect(() => readFileSync(join(root, "defs.yaml"))).toThrow();
  await initRockyProject(root, { overwrite: true });
  expect(readFileSync(join(root, "rocky.toml"), "utf8")).toContain("duckdb");
});
