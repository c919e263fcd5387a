import { diagnostic, type ModelRule, type ProjectRule } from "./rule.ts";

/** Every writer gets a message; if each named all others, a thousand of them would fill megabytes. */
const MOST_NAMED = 10;

/** E036: one table, two writers. */
export const sharedTargets: ProjectRule = (models) => {
  const writers = new Map<string, string[]>();
  for (const [name, { target, ephemeral }] of models) {
    if (ephemeral) continue;
    const key = [target.catalog, target.schema, target.table].join(".").toLowerCase();
    const known = writers.get(key);
    if (known === undefined) writers.set(key, [name]);
    else known.push(name);
  }
  return [...writers].flatMap(([target, names]) => {
    if (names.length < 2) return [];
    const all = [...names].sort();
    const more = all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} more` : "";
    const list = `${all.slice(0, MOST_NAMED).join(", ")}${more}`;
    return all.map((name) =>
      diagnostic("Error", "E036", name, {
        message: `models ${list} write the same table '${target}'; the last to run would win`,
        suggestion: "give each its own table under [target], or remove one",
      }),
    );
  });
};

/** E035: a managed Iceberg table is laid out by partitions or by clustering, not both. */
export const icebergOptions: ModelRule = (model, name) => {
  const { format, formatOptions } = model.prepared.model;
  if (format !== "iceberg_table" || formatOptions === undefined) return [];
  if (formatOptions.partitionBy.length === 0 || formatOptions.clusterBy.length === 0) return [];
  return [
    diagnostic("Error", "E035", name, {
      message: "partition_by and cluster_by cannot both be given for a managed Iceberg table",
      suggestion: "remove one of them from [format_options]",
    }),
  ];
};
