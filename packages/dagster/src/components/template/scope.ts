import { automationNamespace } from "./automation-namespace.ts";
import { datetimeNamespace } from "./datetime-scope.ts";
import { dgNamespace } from "./dg-scope.ts";
import { TemplateError } from "./tokens.ts";
import { Namespace, pythonText, TemplateFunction, Undefined } from "./values.ts";

export interface ScopeOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly projectRoot: string;
}

const readVariable = (
  env: ScopeOptions["env"],
  positional: readonly unknown[],
  fallback: unknown,
): unknown => {
  const name = pythonText(positional[0] ?? "");
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value !== undefined) return value;
  if (positional.length > 1) return positional[1];
  if (fallback !== undefined) return fallback;
  throw new TemplateError(
    `environment variable ${name} is not set; set it, or give a default: env('${name}', 'default')`,
  );
};

/** `env.NAME` gives null when it is not set; `env('NAME')` refuses that unless it has a default. */
const envNamespace = (env: ScopeOptions["env"]): Namespace =>
  new Namespace(
    "env",
    (name) => (Object.hasOwn(env, name) ? (env[name] ?? null) : null),
    new TemplateFunction("env", (positional, named) => readVariable(env, positional, named.default)),
  );

const contextNamespace = (projectRoot: string): Namespace =>
  new Namespace("context", (name) => {
    if (name === "project_root") return projectRoot;
    if (name === "load_component" || name === "build_defs") {
      throw new TemplateError(
        `context.${name} is not supported: components are independent of each other here`,
      );
    }
    return new Undefined(`context has no "${name}"; available: project_root`);
  });

/** The names that every template sees. */
export const baseScope = (options: ScopeOptions): Readonly<Record<string, unknown>> => ({
  env: envNamespace(options.env),
  context: contextNamespace(options.projectRoot),
  dg: dgNamespace,
  datetime: datetimeNamespace,
  // The name that older projects use.
  automation_condition: automationNamespace("automation_condition"),
});
