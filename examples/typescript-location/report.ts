import { AutomationCondition, asset, FreshnessPolicy, MetadataValue } from "@dagster-rocky/dagster";
import { days, type Reading, readings } from "./readings.ts";
import { store } from "./store.ts";

interface Extremes {
  readonly day: string;
  readonly station: string;
  readonly lowest: number;
  readonly highest: number;
}

const extremesOf = (day: string, rows: readonly Reading[]): readonly Extremes[] =>
  [...new Set(rows.map(({ station }) => station))].map((station) => {
    const measured = rows.filter((row) => row.station === station).map(({ celsius }) => celsius);
    return { day, station, lowest: Math.min(...measured), highest: Math.max(...measured) };
  });

export const extremes = asset(
  {
    key: "weather/extremes",
    deps: [readings],
    group: "weather",
    kinds: ["typescript", "json"],
    partitions: days,
    automationCondition: AutomationCondition.eager(),
    resources: { store },
  },
  async ({ resources, partitionKeys }) => {
    for (const day of partitionKeys) {
      const rows = await resources.store.read<Reading>(`readings/${day}`);
      await resources.store.write(`extremes/${day}`, extremesOf(day, rows));
    }
  },
);

export const report = asset(
  {
    key: "weather/report",
    description: "The latest day in words",
    deps: [extremes],
    group: "weather",
    kinds: ["typescript", "markdown"],
    automationCondition: AutomationCondition.eager(),
    freshnessPolicy: FreshnessPolicy.timeWindow({ failWindow: 36 * 3600, warnWindow: 26 * 3600 }),
    resources: { store },
    checks: [{ name: "all_stations", description: "three stations reported" }],
  },
  async ({ resources }) => {
    const latest = await resources.store.latest("extremes");
    const rows = await resources.store.read<Extremes>(`extremes/${latest}`);
    const lines = rows.map(({ station, lowest, highest }) => `| ${station} | ${lowest} | ${highest} |`);
    const table = ["| station | lowest | highest |", "|---|---|---|", ...lines].join("\n");
    return {
      metadata: { day: latest, report: MetadataValue.markdown(table) },
      checks: [{ name: "all_stations", passed: rows.length === 3, metadata: { stations: rows.length } }],
    };
  },
);
