import {
  AssetEvent,
  asset,
  assetCheck,
  BackfillPolicy,
  Config,
  dailyPartitions,
} from "@dagster-rocky/dagster";
import { store } from "./store.ts";

export interface Reading {
  readonly station: string;
  readonly hour: number;
  readonly celsius: number;
}

interface Station {
  readonly name: string;
  readonly altitude: number;
}

export const days = dailyPartitions({ start: "2026-11-01", timezone: "Europe/Berlin" });

export const stations = asset(
  { key: "weather/stations", group: "weather", kinds: ["typescript", "json"], resources: { store } },
  async ({ resources }) => {
    const rows: Station[] = [
      { name: "coast", altitude: 4 },
      { name: "valley", altitude: 310 },
      { name: "summit", altitude: 2480 },
    ];
    await resources.store.write("stations", rows);
    return { metadata: { "dagster/row_count": rows.length } };
  },
);

/** A stand-in for a measuring device: the same station and day always give the same numbers. */
const measure = ({ name, altitude }: Station, day: string, hour: number): Reading => {
  const season = Math.cos(((Date.parse(day) / 86_400_000) % 365) / 58);
  const celsius = 11 + 9 * season - altitude / 160 + 4 * Math.sin((hour - 9) / 3.8);
  return { station: name, hour, celsius: Math.round(celsius * 10) / 10 };
};

export const readings = asset(
  {
    key: "weather/readings",
    description: "What each station measured, by day",
    deps: [stations],
    group: "weather",
    kinds: ["typescript", "json"],
    owners: ["team:weather"],
    partitions: days,
    backfillPolicy: BackfillPolicy.singleRun(),
    retryPolicy: { maxRetries: 2, delay: 1, backoff: "exponential" },
    resources: { store },
    config: { stepHours: Config.int({ default: 1, description: "hours between two readings" }) },
  },
  async function* ({ resources, partitionKeys, opConfig, log }) {
    const known = await resources.store.read<Station>("stations");
    for (const day of partitionKeys) {
      const rows = known.flatMap((station) =>
        Array.from({ length: Math.floor(24 / opConfig.stepHours) }, (_, n) =>
          measure(station, day, n * opConfig.stepHours),
        ),
      );
      await resources.store.write(`readings/${day}`, rows);
      log.info(`${day}: ${rows.length} readings`);
      yield AssetEvent.materialize({
        assetKey: { path: ["weather", "readings"] },
        partition: day,
        metadata: { "dagster/partition_row_count": rows.length },
      });
    }
  },
);

/** Stops everything that reads a day of impossible numbers. */
export const plausible = assetCheck(
  {
    asset: "weather/readings",
    name: "plausible",
    description: "between -60 and 60 degrees",
    blocking: true,
    partitions: days,
    resources: { store },
  },
  async ({ resources, partitionKeys }) => {
    const all = await Promise.all(
      partitionKeys.map((day) => resources.store.read<Reading>(`readings/${day}`)),
    );
    const odd = all.flat().filter(({ celsius }) => Math.abs(celsius) > 60);
    const examples = odd.slice(0, 3).map(({ station, hour }) => `${station} at ${hour}`);
    return { passed: odd.length === 0, metadata: { odd: odd.length, examples } };
  },
);
