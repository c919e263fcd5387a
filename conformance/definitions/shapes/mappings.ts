import {
  asset,
  Definitions,
  dailyPartitions,
  multiPartitions,
  PartitionMapping,
  staticPartitions,
} from "../../../packages/dagster/src/index.ts";
import { nothing } from "./plain.ts";

/** Every kind of partition mapping, alone and inside one of several dimensions. */
export function mappings(): Definitions {
  const daily = dailyPartitions({ start: "2026-01-01" });
  const letters = staticPartitions(["a", "b", "c"]);
  const multi = multiPartitions({ day: daily, letter: letters });
  const single: Readonly<Record<string, PartitionMapping>> = {
    identity: PartitionMapping.identity(),
    all: PartitionMapping.all(),
    last: PartitionMapping.last(),
    specific: PartitionMapping.specific("2026-01-01", "2026-01-02"),
    window: PartitionMapping.timeWindow({ startOffset: -3, endOffset: 1, allowNonexistentUpstream: true }),
  };
  const within: Readonly<Record<string, PartitionMapping>> = {
    ...single,
    static: PartitionMapping.static({ a: "b", b: ["a", "c"] }),
  };
  return Definitions.create({
    assets: [
      asset({ key: "daily", partitions: daily }, nothing),
      asset({ key: "letters", partitions: letters }, nothing),
      asset({ key: "multi", partitions: multi }, nothing),
      ...Object.entries(single).map(([name, partitionMapping]) =>
        asset(
          { key: `by_${name}`, partitions: daily, deps: [{ asset: "daily", partitionMapping }] },
          nothing,
        ),
      ),
      asset(
        {
          key: "by_static",
          partitions: letters,
          deps: [{ asset: "letters", partitionMapping: PartitionMapping.static({ a: ["a", "b"], c: "c" }) }],
        },
        nothing,
      ),
      asset(
        {
          key: "by_dimension",
          partitions: daily,
          deps: [{ asset: "multi", partitionMapping: PartitionMapping.multiToSingle() }],
        },
        nothing,
      ),
      ...Object.entries(within).map(([name, mapping]) =>
        asset(
          {
            key: `within_${name}`,
            partitions: multi,
            deps: [
              {
                asset: "multi",
                partitionMapping: PartitionMapping.multi(
                  name === "static"
                    ? { letter: { dimension: "letter", mapping }, day: { dimension: "day" } }
                    : { day: { dimension: "day", mapping }, letter: { dimension: "letter" } },
                ),
              },
            ],
          },
          nothing,
        ),
      ),
    ],
  });
}
