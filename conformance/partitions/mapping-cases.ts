import { type Random, seededRandom } from "./random.ts";

/** A partitions definition as both sides read it. */
export type DefinitionCase =
  | {
      readonly kind: "time";
      readonly cron: string;
      readonly timezone: string;
      readonly start: string;
      readonly end: string | null;
      readonly fmt: string;
      readonly end_offset: number;
    }
  | { readonly kind: "static"; readonly keys: readonly string[] }
  | { readonly kind: "dynamic"; readonly name: string; readonly keys: readonly string[] }
  | { readonly kind: "multi"; readonly dimensions: Readonly<Record<string, DefinitionCase>> };

export type MappingRule =
  | { readonly kind: "identity" | "all" | "last" }
  | { readonly kind: "window"; readonly start: number; readonly end: number; readonly lenient: boolean }
  | { readonly kind: "specific"; readonly keys: readonly string[] }
  | { readonly kind: "static"; readonly pairs: Readonly<Record<string, string | readonly string[]>> }
  | { readonly kind: "toSingle"; readonly dimension: string | null }
  | {
      readonly kind: "multi";
      readonly dimensions: Readonly<
        Record<string, { readonly dimension: string; readonly mapping: MappingRule }>
      >;
    };

/** Which upstream partitions do some partitions of a downstream asset read? */
export interface MappingCase {
  readonly upstream: DefinitionCase;
  readonly downstream: DefinitionCase | null;
  readonly mapping: MappingRule | null;
  /** Indexes of the downstream partitions that are asked for; those that do not exist are left out. */
  readonly sample: readonly number[];
  /** Epoch seconds. */
  readonly now: number;
}

const LETTERS = ["a", "b", "c", "d", "e"];
const DAY = 86_400;
const START = Date.UTC(2026, 2, 20) / 1000;
const date = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19);

export function generateMappingCases(count: number, seed: number): readonly MappingCase[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, number) => mappingCase(random, number));
}

const CRONS = [
  { cron: "0 * * * *", fmt: "%Y-%m-%d-%H:%M" },
  { cron: "0 */6 * * *", fmt: "%Y-%m-%d-%H:%M" },
  { cron: "0 0 * * *", fmt: "%Y-%m-%d" },
  { cron: "30 2 * * *", fmt: "%Y-%m-%d" },
  { cron: "0 0 * * 0", fmt: "%Y-%m-%d" },
  { cron: "0 0 1 * *", fmt: "%Y-%m-%d" },
];

function time({ next, int, pick }: Random, timezone: string): DefinitionCase {
  const { cron, fmt } = pick(CRONS);
  const start = START + int(-6, 6) * DAY;
  const end = next() < 0.15 ? date(start + int(3, 30) * DAY) : null;
  return {
    kind: "time",
    cron,
    timezone,
    start: date(start),
    end,
    fmt,
    end_offset: next() < 0.8 ? 0 : int(-1, 2),
  };
}

const letters = ({ int, pick }: Random): readonly string[] => {
  const first = int(0, 2);
  return LETTERS.slice(first, first + pick([2, 3, 5]));
};

const single = (random: Random, number: number, timezone: string): DefinitionCase => {
  const kind = random.pick(["time", "time", "static", "dynamic"] as const);
  if (kind === "time") return time(random, timezone);
  const keys = letters(random);
  return kind === "static" ? { kind, keys } : { kind, name: `names_${number}_${random.int(0, 1e9)}`, keys };
};

function definition(random: Random, number: number, timezone: string): DefinitionCase {
  if (random.next() < 0.7) return single(random, number, timezone);
  const dimensions = {
    first: single(random, number, timezone),
    second: { kind: "static", keys: letters(random) },
  };
  return { kind: "multi", dimensions: dimensions as Readonly<Record<string, DefinitionCase>> };
}

function mappingCase(random: Random, number: number): MappingCase {
  const { int, next, pick } = random;
  const timezone = pick(["UTC", "UTC", "America/New_York", "Europe/Paris", "Australia/Lord_Howe"]);
  const upstream = definition(random, number, timezone);
  const downstream =
    next() < 0.05 ? null : next() < 0.35 ? related(random, upstream) : definition(random, number, timezone);
  return {
    upstream,
    downstream,
    mapping: downstream === null || next() < 0.3 ? null : rule(random, upstream, downstream),
    sample: Array.from({ length: int(1, 4) }, () => int(0, 40)),
    now: START + int(4, 20) * DAY + int(0, 7200),
  };
}

/** The same definition, or one that shares a dimension with it. */
function related({ next }: Random, upstream: DefinitionCase): DefinitionCase {
  if (next() < 0.5) return upstream;
  if (upstream.kind === "multi") return upstream.dimensions.first ?? upstream;
  return { kind: "multi", dimensions: { day: upstream, letter: { kind: "static", keys: ["x", "y"] } } };
}

/** A mapping that the host accepts between the two. */
function rule(random: Random, upstream: DefinitionCase, downstream: DefinitionCase): MappingRule {
  const { next, pick, int } = random;
  if (upstream.kind === "multi" && downstream.kind === "multi" && next() < 0.7) {
    return between(random, upstream, downstream);
  }
  if ((upstream.kind === "multi") !== (downstream.kind === "multi") && next() < 0.7) {
    const multi = upstream.kind === "multi" ? upstream : downstream;
    const [name = ""] = multi.kind === "multi" ? Object.keys(multi.dimensions) : [];
    return { kind: "toSingle", dimension: next() < 0.5 ? null : name };
  }
  if (upstream.kind === "time" && downstream.kind === "time" && next() < 0.75) {
    return { kind: "window", start: int(-3, 2), end: int(-2, 3), lenient: next() < 0.4 };
  }
  if (upstream.kind === "static" && downstream.kind === "static" && next() < 0.6) {
    const up = upstream.keys.filter(() => next() < 0.8);
    const some = () => downstream.keys.filter(() => next() < 0.5);
    const pairs = up.map((key): [string, string | readonly string[]] => [
      key,
      next() < 0.5 ? pick(downstream.keys) : some(),
    ]);
    return { kind: "static", pairs: Object.fromEntries(pairs) };
  }
  if (upstream.kind === "static" && next() < 0.4) return { kind: "specific", keys: [pick(upstream.keys)] };
  return { kind: pick(["identity", "all", "last"] as const) };
}

function between(
  random: Random,
  upstream: Extract<DefinitionCase, { kind: "multi" }>,
  downstream: Extract<DefinitionCase, { kind: "multi" }>,
): MappingRule {
  const free = Object.entries(downstream.dimensions);
  const dimensions: Record<string, { dimension: string; mapping: MappingRule }> = {};
  for (const [name, dimension] of Object.entries(upstream.dimensions)) {
    if (random.next() < 0.2) continue;
    const [target] = free.splice(random.int(0, free.length - 1), 1);
    if (target === undefined) break;
    dimensions[name] = { dimension: target[0], mapping: rule(random, dimension, target[1]) };
  }
  return { kind: "multi", dimensions };
}
