import type { MaskConfig, Pipeline, StateConfig } from "../config/index.ts";
import type { Model } from "../models/index.ts";
import { DEFAULT_ENVIRONMENT, resolveMask } from "./compliance.ts";

// An embedded database has no users, no tags and no column masks. What a project says about them is checked and shown
// by `compliance` and `retention-status`; a run that said nothing would look as if it had protected something.

const listed = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");

/** What a pipeline's governance asks for and the warehouse does not have, in words. */
export const unappliedGovernance = (pipeline: Pipeline, warehouse: string): readonly string[] => {
  if (!("governance" in pipeline.target)) return [];
  const { autoCreateCatalogs, tags, grants, schemaGrants, isolation } = pipeline.target.governance;
  const asked = [
    ...(autoCreateCatalogs ? ["auto_create_catalogs"] : []),
    ...(Object.keys(tags).length > 0 ? ["tags"] : []),
    ...(grants.length > 0 ? ["grants"] : []),
    ...(schemaGrants.length > 0 ? ["schema_grants"] : []),
    ...(isolation?.enabled === true ? ["isolation"] : []),
  ];
  if (asked.length === 0) return [];
  return [
    `${asked.join(", ")} of pipeline '${pipeline.name}' are not applied: ${warehouse} has none of them`,
  ];
};

/** What models ask for and the warehouse does not have, in words. */
export const unappliedToModels = (
  models: readonly Model[],
  {
    mask,
    environment = DEFAULT_ENVIRONMENT,
    adapter,
    warehouse,
  }: {
    readonly mask: MaskConfig;
    readonly environment: string | undefined;
    /** Name of the adapter that all of them are built with. */
    readonly adapter: string;
    readonly warehouse: string;
  },
): readonly string[] => {
  const masked = models.flatMap(({ name, classification }) =>
    Object.entries(classification).flatMap(([column, tag]) => {
      const strategy = resolveMask(mask, tag, environment);
      return strategy === undefined || strategy === "none" ? [] : [`${name}.${column}`];
    }),
  );
  const kept = models.flatMap(({ name, retention }) => (retention === undefined ? [] : [name]));
  const elsewhere = models.flatMap((model) =>
    model.adapter === undefined || model.adapter === adapter ? [] : [`${model.name} (${model.adapter})`],
  );
  const formatted = models.flatMap(({ name, format }) => (format === undefined ? [] : [name]));
  return [
    ...(masked.length === 0
      ? []
      : [
          `masks are not applied, values stay readable: ${listed(masked)} (${warehouse} has no column masks)`,
        ]),
    ...(kept.length === 0
      ? []
      : [`retention is not applied: ${listed(kept)} (${warehouse} keeps no old versions of a table)`]),
    ...(formatted.length === 0
      ? []
      : [`format is not applied: ${listed(formatted)} (${warehouse} has one table format)`]),
    ...(elsewhere.length === 0
      ? []
      : [
          `the models' own adapters are not applied: ${listed(elsewhere)}; a run builds all with '${adapter}'`,
        ]),
  ];
};

/** A state that is meant to be shared and is not, in words. */
export const unsharedState = ({ backend }: StateConfig): string | undefined =>
  backend === "local"
    ? undefined
    : `[state] backend = "${backend}" is not available here: the state stays in a local file, which other machines do not see`;
