import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadModels } from "./models/index.ts";
import { nodeFiles } from "./node-files.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "rocky-files-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const write = (path: string, content: string | Uint8Array): void => writeFileSync(join(cwd, path), content);

describe("files", () => {
  it("leave out a byte order mark", () => {
    write("a.toml", "\ufeffx = 1\n");
    expect(nodeFiles(cwd).read("a.toml")).toBe("x = 1\n");
  });

  it("are UTF-8 or refused by name; a replacement character may be meant", () => {
    write("latin.sql", Buffer.from("select 'caf\xe9'", "latin1"));
    write("meant.sql", "select '\ufffd'");
    expect(nodeFiles(cwd).read("meant.sql")).toBe("select '\ufffd'");
    expect(() => nodeFiles(cwd).read("latin.sql")).toThrow("'latin.sql' is not UTF-8 text");
  });

  it("that are links in a circle do not hide their neighbours or keep a walk going", () => {
    mkdirSync(join(cwd, "models/deep"), { recursive: true });
    write("models/a.sql", "select 1 as x");
    symlinkSync("self", join(cwd, "models/self"));
    symlinkSync("..", join(cwd, "models/deep/up"));
    symlinkSync("gone", join(cwd, "models/dangling"));
    const { models } = loadModels(nodeFiles(cwd), {}, "models");
    expect(models.map(({ name }) => name)).toEqual(["a"]);
    expect(() => nodeFiles(cwd).read("models/self")).toThrow("cannot read 'models/self' (ELOOP)");
  });

  it("linked from elsewhere are read", () => {
    mkdirSync(join(cwd, "models"));
    mkdirSync(join(cwd, "shared"));
    write("shared/b.sql", "select 1 as x");
    symlinkSync("../shared", join(cwd, "models/more"));
    expect(loadModels(nodeFiles(cwd), {}, "models").models.map(({ file }) => file)).toEqual([
      "models/more/b.sql",
    ]);
  });

  it("that should be beside a model must not be directories", () => {
    mkdirSync(join(cwd, "models/a.toml"), { recursive: true });
    write("models/a.sql", "select 1 as x");
    expect(() => loadModels(nodeFiles(cwd), {}, "models")).toThrow(
      "model 'a': 'models/a.toml' is a directory, expected a file",
    );
  });
});
