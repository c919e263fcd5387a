import type { Contract } from "../../models/index.ts";
import { didYouMean } from "../../suggest.ts";
import { CONTRACT_TYPES, fitsDemand, parseContractType } from "../contract-type.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { contractName } from "../rocky-type.ts";
import type { SemanticModel } from "../semantic-model.ts";
import { columnSpan, diagnostic, type ModelRule, type ProjectRule } from "./rule.ts";

/** E010 to E013 and W010: what a contract promises and the query does not keep. */
export const contractRules: ModelRule = (model, name, { contracts }) => {
  const contract = contracts.get(name)?.contract;
  return contract === undefined ? [] : checkContract(contract, model);
};

/** W011: only a folder of contracts can name a model that is not there. */
export const strayContracts: ProjectRule = (models, { contracts }) =>
  [...contracts].flatMap(([name, { contract, origin }]) => {
    if (origin === "auto" || models.has(name)) return [];
    const near = didYouMean(name, models.keys());
    const message = `there is a contract for '${name}' but no such model${near === undefined ? "" : `: ${near}`}`;
    const span = { file: contract.file, line: 1, col: 1 };
    return [diagnostic("Warning", "W011", name, { message, span })];
  });

const checkContract = (contract: Contract, model: SemanticModel): readonly Diagnostic[] => {
  const { model: name } = contract;
  const found: Diagnostic[] = [];
  // Behind a star that cannot be expanded a column may well exist.
  const absent = (column: string): boolean => model.complete && !has(model, column);
  for (const column of contract.required.filter(absent)) {
    found.push(
      diagnostic("Error", "E010", name, {
        message: `required column '${column}' is not put out`,
        suggestion: `add ${column} to the SELECT, or take it out of [rules] required`,
      }),
    );
  }
  for (const column of contract.columns) found.push(...checkColumn(column, name, model, absent));
  for (const column of contract.protected.filter(absent)) {
    found.push(
      diagnostic("Error", "E013", name, {
        message: `protected column '${column}' is gone`,
        suggestion: `put ${column} back, or take it out of [rules] protected`,
      }),
    );
  }
  return found;
};

/** Contracts compare names as they are written. */
const has = (model: SemanticModel, name: string): boolean => model.table.find(name)?.name === name;

const checkColumn = (
  column: Contract["columns"][number],
  name: string,
  model: SemanticModel,
  absent: (column: string) => boolean,
): readonly Diagnostic[] => {
  const output = model.table.find(column.name);
  if (output === undefined || output.name !== column.name) {
    if (!absent(column.name)) return [];
    return [
      diagnostic("Warning", "W010", name, {
        message: `column '${column.name}' of the contract is not put out`,
      }),
    ];
  }
  const found: Diagnostic[] = [];
  const span = columnSpan(model, column.name);
  const demand = column.type === undefined ? undefined : parseContractType(column.type);
  if (column.type !== undefined && demand === undefined) {
    const message = `the contract gives column '${column.name}' the type '${column.type}', which does not exist`;
    const suggestion = didYouMean(column.type, CONTRACT_TYPES) ?? `types: ${CONTRACT_TYPES.join(", ")}`;
    found.push(diagnostic("Error", "E011", name, { message, suggestion, span }));
  } else if (demand !== undefined && !fitsDemand(demand, output.type)) {
    const message = `column '${column.name}' is ${contractName(output.type)}, the contract says ${column.type}`;
    const suggestion = `CAST ${column.name} to ${column.type}, or change the contract`;
    found.push(diagnostic("Error", "E011", name, { message, suggestion, span }));
  }
  if (column.nullable === false && output.nullable) {
    const message = `column '${column.name}' may be NULL, the contract says it is not`;
    const suggestion = `COALESCE ${column.name}, or filter NULLs out and relax the contract to nullable = true`;
    found.push(diagnostic("Error", "E012", name, { message, suggestion, span }));
  }
  return found;
};
