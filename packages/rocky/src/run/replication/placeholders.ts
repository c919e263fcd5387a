import type { ReplicationPipeline } from "../../config/index.ts";
import { didYouMean } from "../../suggest.ts";
import { componentName } from "./schema-pattern.ts";

/** A placeholder of a target template that no component fills. */
export interface UnknownPlaceholder {
  readonly key: string;
  readonly message: string;
  readonly hint: string;
}

/** A schema or catalog called `{tenan}` is nobody's wish. */
export const unknownPlaceholders = ({
  name,
  source,
  target,
}: ReplicationPipeline): readonly UnknownPlaceholder[] => {
  const known = source.schemaPattern.components.map(componentName);
  const templates = { catalog_template: target.catalogTemplate, schema_template: target.schemaTemplate };
  return Object.entries(templates).flatMap(([key, template]) =>
    [...template.matchAll(/\{([^{}:]+)(?::[^{}]*)?\}/g)].flatMap(([placeholder, component = ""]) =>
      known.includes(component)
        ? []
        : [
            {
              key: `pipeline.${name}.target.${key}`,
              message: `'${placeholder}' in ${key} names no component of the schema pattern`,
              hint: didYouMean(component, known) ?? `components: ${known.join(", ")}`,
            },
          ],
    ),
  );
};
