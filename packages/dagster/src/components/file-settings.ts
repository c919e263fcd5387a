import type { YamlDocument } from "./yaml-file.ts";
import { type PostProcessor, postProcessingSchema, readPostProcessors } from "./post-process.ts";
import { ProjectFileError, positionText } from "./project-file-error.ts";
import { validateAttributes } from "./validate-attributes.ts";

/** What one document of a component file says beside the component itself. For a folder it holds for all below. */
export interface FileSettings {
  readonly document: YamlDocument;
  /** Folder of the file. */
  readonly folder: string;
  readonly templateVarsModule?: string;
  readonly requiredEnv: readonly string[];
  readonly postProcessors: readonly PostProcessor[];
}

const requirementsSchema = {
  type: ["object", "null"],
  additionalProperties: false,
  properties: { env: { type: ["array", "null"], items: { type: "string" } } },
} as const;

type Values = Readonly<Record<string, unknown>>;

export function readFileSettings(document: YamlDocument, folder: string, value: Values): FileSettings {
  const { template_vars_module: templateVarsModule, requirements, post_processing: postProcessing } = value;
  validateAttributes(requirementsSchema, document, requirements ?? null, "requirements");
  validateAttributes(postProcessingSchema, document, postProcessing ?? null, "post_processing");
  if (templateVarsModule !== undefined && templateVarsModule !== null && !isName(templateVarsModule)) {
    throw new ProjectFileError(
      document.at(["template_vars_module"]),
      '"template_vars_module" must name a module, such as `.template_vars` for one beside this file',
    );
  }
  const { env } = (requirements ?? {}) as { readonly env?: readonly string[] | null };
  return {
    document,
    folder,
    requiredEnv: env ?? [],
    postProcessors: readPostProcessors(postProcessing),
    ...(isName(templateVarsModule) ? { templateVarsModule } : {}),
  };
}

const isName = (value: unknown): value is string =>
  typeof value === "string" && /^\.?[\p{L}\p{N}_$-]+(\.[\p{L}\p{N}_$-]+)*$/u.test(value);

/** As in Dagster, a missing variable does not keep a component from loading; here it is said at least. */
export function missingVariables(
  { document, requiredEnv }: FileSettings,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return requiredEnv.flatMap((name, index) =>
    env[name] === undefined
      ? [
          `${positionText(document.at(["requirements", "env", index]))}: the environment variable ${name} is required here and is not set`,
        ]
      : [],
  );
}
