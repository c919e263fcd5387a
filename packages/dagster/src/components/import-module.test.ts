import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { importModule } from "./import-module.ts";

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "import-module-")));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): URL => {
  writeFileSync(join(folder, name), text);
  return pathToFileURL(join(folder, name));
};

describe("a TypeScript module", () => {
  test("is kept compiled in the project's node_modules", async () => {
    mkdirSync(join(folder, "node_modules"));
    const cache = join(folder, "node_modules/.cache/dagster-ts");
    write("number.ts", "export const one: number = 1;\n");
    const url = write(
      "definitions.ts",
      'import { one } from "./number.ts";\nexport const two: number = one + 1;\n',
    );

    expect(await importModule(url)).toMatchObject({ two: 2 });
    expect(readdirSync(cache)).toHaveLength(2);
    expect(await importModule(url)).toMatchObject({ two: 2 });
    expect(readdirSync(cache)).toHaveLength(2);
  });

  test("is imported where nothing is installed, and nothing is written", async () => {
    const url = write("definitions.ts", "export const two: number = 2;\n");

    expect(await importModule(url)).toMatchObject({ two: 2 });
    expect(readdirSync(folder)).toEqual(["definitions.ts"]);
  });
});

test("a JavaScript module is imported as it is", async () => {
  const url = write("definitions.mjs", "export const two = 2;\n");

  expect(await importModule(url)).toMatchObject({ two: 2 });
});
