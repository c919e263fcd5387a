import { checkIdentifier } from "../adapters/identifiers.ts";
import { RockyError } from "../errors.ts";
import type { Model } from "../models/index.ts";

/** Where a shadow run writes instead: another table name, or another schema. */
export interface Shadow {
  readonly suffix?: string;
  readonly schema?: string;
}

const DEFAULT_SUFFIX = "_rocky_shadow";

export interface ShadowFlags {
  readonly shadow: boolean;
  readonly suffix: string | undefined;
  readonly schema: string | undefined;
  readonly branch: string | undefined;
}

/** Reads the shadow flags; `--branch NAME` is a shadow schema of its own. */
export const shadowOf = ({ shadow, suffix, schema, branch }: ShadowFlags): Shadow | undefined => {
  if (branch !== undefined) {
    if (schema !== undefined || suffix !== undefined) {
      throw new RockyError("usage", "--branch excludes --shadow-schema and --shadow-suffix");
    }
    return { schema: `branch__${checkIdentifier(branch, "--branch")}` };
  }
  if (!shadow) return undefined;
  if (schema !== undefined) return { schema: checkIdentifier(schema, "--shadow-schema") };
  return { suffix: checkIdentifier(suffix ?? DEFAULT_SUFFIX, "--shadow-suffix") };
};

/** A model whose target is the shadow one. Strategies that keep state of their own cannot be shadowed. */
export const shadowModel = (shadow: Shadow, model: Model): Model => {
  const { type } = model.strategy;
  if (type === "ephemeral" || type === "time_interval" || type === "content_addressed") {
    throw new RockyError(
      "unsupported",
      `a shadow or branch run cannot build the ${type} model '${model.name}'`,
      {
        where: { file: model.file },
        hint: "leave it out with --model, or give it another strategy",
      },
    );
  }
  return {
    ...model,
    target: {
      ...model.target,
      schema: shadow.schema ?? model.target.schema,
      table: `${model.target.table}${shadow.suffix ?? ""}`,
    },
  };
};
