import { decodeAssertion } from "../config/decode/assertion.ts";
import { type Problem, readTable } from "../config/reader.ts";
import { isTable, parseToml, type TomlTable } from "../config/toml.ts";
import { RockyError } from "../errors.ts";
import { joinPath } from "../paths.ts";
import type { Environment, Files } from "../ports.ts";
import { didYouMean } from "../suggest.ts";
import type { Assertion } from "../config/types/checks.ts";
import type { TestUse } from "./decode/tests.ts";
import { documentError } from "./document.ts";

/** `test_definitions.toml` of a models directory: tables by name, decoded where they are used. */
export interface TestDefinitions {
  readonly resolve: (use: TestUse, model: string, file: string) => Assertion;
}

/** Reads the definitions; a model that uses one overrides its column, severity and filter. */
export const loadTestDefinitions = (files: Files, env: Environment, root: string): TestDefinitions => {
  const path = joinPath(root, "test_definitions.toml");
  const document = parseToml(files.read(path) ?? "", path, env);
  const definitions = new Map<string, TomlTable>();
  for (const [name, table] of Object.entries(document.table))
    if (isTable(table)) definitions.set(name, table);
  const resolve = (use: TestUse, model: string, file: string): Assertion => {
    const definition = definitions.get(use.name);
    if (definition === undefined)
      throw new RockyError("model_invalid", `model '${model}': unknown test '${use.name}'`, {
        where: { file, key: "use_test.name" },
        hint: didYouMean(use.name, definitions.keys()) ?? `add a [${use.name}] table to ${path}`,
      });
    const { name: _name, ...overrides } = use;
    const problems: Problem[] = [];
    const assertion = readTable(
      { ...definition, ...overrides },
      [use.name],
      problems,
      decodeAssertion,
      "error",
    );
    if (problems.length > 0) throw documentError(document, `model '${model}', test '${use.name}'`, problems);
    return Object.freeze(assertion.name === undefined ? { ...assertion, name: use.name } : assertion);
  };
  return { resolve };
};
