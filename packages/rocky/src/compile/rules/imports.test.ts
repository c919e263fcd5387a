import { describe, expect, it } from "vitest";
import { loadConfig } from "../../config/index.ts";
import { memoryFiles } from "../../ports.ts";
import { ENGINE_VERSION } from "../../version.ts";
import { compileTexts } from "../compile-texts.ts";
import { loadImports } from "../imports.ts";

const catalog = (columns: readonly object[], version = ENGINE_VERSION): string =>
  JSON.stringify({ version, assets: [{ fqn: "lake.sales.orders", kind: "Model", columns }] });
const column = (name: string, data_type: string, nullable = true) => ({ name, data_type, nullable });

const BEFORE = [
  column("id", "INT32"),
  column("gone", "STRING"),
  column("amount", "FLOAT64"),
  column("note", "STRING"),
];
const NOW = [
  column("id", "INT64"),
  column("amount", "INT32"),
  column("note", "STRING", false),
  column("extra", "DATE"),
];

const MODELS = {
  "reads.sql": "SELECT id, gone, amount, note FROM lake.sales.orders",
  "stars.sql": "SELECT * FROM sales.orders",
  "else.sql": "SELECT gone FROM other.orders",
};

const found = async (files: Readonly<Record<string, string>>, extra = ""): Promise<readonly string[]> => {
  const toml = `[imports.shop]\npath = "vendor"\nsnapshot = "now.json"\n${extra}`;
  const memory = memoryFiles({ "rocky.toml": toml, ...files });
  const imports = loadImports(memory, loadConfig(memory, {}, "rocky.toml"));
  const { diagnostics } = await compileTexts(MODELS, { imports });
  return diagnostics
    .filter(({ code }) => /^(E03[0-4]|W012|W03[01])$/.test(code))
    .map(
      ({ code, model, severity, message }) => `${code} ${model} ${severity} ${/'[a-z]+'/.exec(message)?.[0]}`,
    )
    .sort();
};

describe("imports", () => {
  it("compares what is read with the snapshot before", async () => {
    const files = { "vendor/now.json": catalog(NOW), "vendor/before.json": catalog(BEFORE) };
    expect(await found(files, 'baseline = "before.json"\n')).toEqual([
      "E030 reads Error 'gone'",
      "E031 reads Error 'amount'",
      "E032 reads Error 'note'",
      "W030 stars Info 'extra'",
      "W031 reads Warning 'id'",
    ]);
    expect(await found(files)).toEqual([]);
  });

  it("holds a snapshot to its pin", async () => {
    const files = { "vendor/now.json": catalog(NOW) };
    expect(await found(files, 'pin = "*"\n')).toEqual([]);
    expect(await found(files, 'pin = "0123"\n')).toEqual(["E033 shop Error 'shop'"]);
  });

  it("says which snapshot cannot be read", async () => {
    expect(await found({})).toEqual(["W012 shop Warning 'shop'"]);
    expect(await found({ "vendor/now.json": "{" })).toEqual(["W012 shop Warning 'shop'"]);
    expect(await found({ "vendor/now.json": catalog(NOW, "999.0.0") })).toEqual(["E034 shop Error 'shop'"]);
  });
});
