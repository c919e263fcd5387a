import { diagnostic, perModel, type Rule } from "./rule.ts";

/** E036: one table, two writers. */
export const sharedTargets: Rule = ({ models }) => {
  const writers = new Map<string, string[]>();
  for (const [name, { prepared }] of models) {
    const { target, strategy } = prepared.model;
    if (strategy.type === "ephemeral") continue;
    const key = [target.catalog, target.schema, target.table].join(".").toLowerCase();
    const known = writers.get(key);
    if (known === undefined) writers.set(key, [name]);
    else known.push(name);
  }
  return [...writers].flatMap(([target, names]) => {
    if (names.length < 2) return [];
    const list = [...names].sort();
    return list.map((name) =>
      diagnostic("Error", "E036", name, {
        message: `models ${list.join(", ")} write the same table '${target}'; the last to run would win`,
        suggestion: "give each its own table under [target], or remove one",
      }),
    );
  });
};

/** E035: a managed Iceberg table is laid out by partitions or by clustering, not both. */
export const icebergOptions: Rule = perModel((model, name) => {
  const { format, formatOptions } = model.prepared.model;
  if (format !== "iceberg_table" || formatOptions === undefined) return [];
  if (formatOptions.partitionBy.length === 0 || formatOptions.clusterBy.length === 0) return [];
  return [
    diagnostic("Error", "E035", name, {
      message: "partition_by and cluster_by cannot both be given for a managed Iceberg table",
      suggestion: "remove one of them from [format_options]",
    }),
  ];
});
