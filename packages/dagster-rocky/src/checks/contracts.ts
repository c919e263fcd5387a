import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, TomlError } from "smol-toml";
import { RockyComponentError } from "../component/component-error.ts";
import type { ContractRules } from "../dispatch/plans.ts";

const SUFFIX = ".contract.toml";

/**
 * Which rules the contract files of a folder declare, by model name. Sub-folders are not looked at. A file
 * that is no TOML is an error that names it: a contract nobody can read must not pass as fulfilled.
 */
export function discoverContractRules(
  folder: string,
  warn: (message: string) => void = () => undefined,
): ReadonlyMap<string, ContractRules> {
  const rules = new Map<string, ContractRules>();
  for (const file of contractFiles(folder)) {
    const model = file.slice(0, -SUFFIX.length);
    if (model === "") {
      warn(`${join(folder, file)}: a contract file is named <model>${SUFFIX}; this one names no model`);
      continue;
    }
    rules.set(model, contractRules(model, readFileSync(join(folder, file), "utf8"), join(folder, file)));
  }
  return rules;
}

/** Names of the contract files of a folder, sorted; none when there is no such folder. */
export function contractFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(SUFFIX))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function contractRules(model: string, text: string, path: string): ContractRules {
  const contract = parseContract(text, path);
  const rules = table(contract.rules);
  const columns = Array.isArray(contract.columns) ? contract.columns : [];
  return {
    model,
    required: truthy(rules.required),
    protected: truthy(rules.protected),
    constraints:
      truthy(rules.no_new_nullable) ||
      columns.some((column) => "type" in table(column) || "nullable" in table(column)),
  };
}

function parseContract(text: string, path: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (cause) {
    const line = cause instanceof TomlError ? `:${cause.line}:${cause.column}` : "";
    const reason = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new RockyComponentError(
      "CONTRACT_INVALID",
      `The contract ${path}${line} is not valid TOML: ${reason}. Correct it, or move it out of contracts_dir.`,
      { where: `${path}${line}`, cause },
    );
  }
}

const table = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

const truthy = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));
