import { diagnostic, perModel, type Rule } from "./rule.ts";

/** E028: a run variable has neither value nor default. */
export const missingVariables: Rule = perModel((model, name) =>
  model.prepared.missingVariables.map((variable) =>
    diagnostic("Error", "E028", name, {
      message: `run variable '${variable}' has no value and no default`,
      suggestion: `give it with --var ${variable}=VALUE, or write @var(${variable}, DEFAULT)`,
    }),
  ),
);
