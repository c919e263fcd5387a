import { diagnostic, type ModelRule } from "./rule.ts";

/** E028: a run variable has neither value nor default. */
export const missingVariables: ModelRule = (model, name) =>
  model.prepared.missingVariables.map((variable) =>
    diagnostic("Error", "E028", name, {
      message: `run variable '${variable}' has no value and no default`,
      suggestion: `give it with --var ${variable}=VALUE, or write @var(${variable}, DEFAULT)`,
    }),
  );
