import { type Random, seededRandom } from "./random.ts";

/** One generated definition with the moment at which it is asked. */
export interface Case {
  readonly cron: string;
  readonly timezone: string;
  readonly start: string;
  readonly end: string | null;
  readonly fmt: string;
  readonly end_offset: number;
  readonly exclusions: readonly (string | { readonly wall: string })[];
  readonly now: number;
  /** Indexes of keys whose windows are compared. */
  readonly sample: readonly number[];
}

const ZONES = [
  "UTC",
  "UTC",
  "America/New_York",
  "America/Los_Angeles",
  "Europe/Paris",
  "Europe/London",
  "Europe/Dublin",
  "Australia/Lord_Howe",
  "Australia/Sydney",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Asia/Tokyo",
  "America/St_Johns",
  "America/Sao_Paulo",
  "America/Havana",
  "America/Santiago",
  "Asia/Beirut",
  "Africa/Casablanca",
  "Africa/Cairo",
  "Pacific/Apia",
  "Pacific/Chatham",
];
const DAILY_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%Y-%j", "%b %d, %Y", "%A %d %B %Y", "%y-%m-%d"];
const TIMED_FORMATS = [
  "%Y-%m-%d-%H:%M",
  "%Y-%m-%dT%H:%M:%S",
  "%Y-%m-%d %H:%M%z",
  "%Y%m%d%H%M",
  "%Y-%m-%d %I:%M %p",
];

/** Days around which clocks change somewhere, and ends of months. */
const CRITICAL = [
  "03-08",
  "03-10",
  "03-29",
  "03-31",
  "04-05",
  "09-27",
  "10-25",
  "10-27",
  "11-01",
  "11-03",
  "02-28",
  "02-29",
  "12-31",
  "01-01",
];

const two = (value: number): string => String(value).padStart(2, "0");

export function generateCases(count: number, seed: number): readonly Case[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => caseOf(random));
}

/** A cron string, and over how many days its definitions spread. */
function cronOf({ int, pick }: Random): { readonly cron: string; readonly span: number } {
  const minute = pick([0, 0, 0, 15, 30, 45, int(0, 59)]);
  const hour = pick([0, 0, 1, 2, 2, 3, 9, 23, int(0, 23)]);
  switch (int(0, 15)) {
    case 0:
      return { cron: `${minute} * * * *`, span: 5 };
    case 1:
      return { cron: pick(["*/15 * * * *", "0,30 * * * *", "*/20 * * * *", "5,35 * * * *"]), span: 3 };
    case 2:
      return { cron: `${minute} */${pick([2, 3, 4, 6, 12])} * * *`, span: 10 };
    case 3:
      return { cron: `${minute} ${hour} * * ${int(0, 7)}`, span: 200 };
    case 4:
      return {
        cron: `${minute} ${hour} * * ${pick(["mon-fri", "1-5", "0,6", "1,3,5", "sat,sun"])}`,
        span: 60,
      };
    case 5:
      return { cron: `${minute} ${hour} ${int(1, 28)} * *`, span: 700 };
    case 6:
      return { cron: `${minute} ${hour} ${pick([29, 30, 31])} * *`, span: 900 };
    case 7:
      return {
        cron: `${minute} ${hour} 1 ${pick(["*/3", "1,7", "jan", "mar-may", "nov-feb"])} *`,
        span: 1500,
      };
    case 8:
      return { cron: `${minute} ${hour} * * ${pick(["1#1", "fri#2", "l5", "3#5"])}`, span: 400 };
    case 9:
      return { cron: `${minute} ${hour} l * *`, span: 400 };
    case 10:
      return { cron: `${minute} ${hour} ${int(1, 28)} * ${int(0, 6)}`, span: 200 };
    case 11:
      return { cron: pick(["@daily", "@hourly", "@weekly", "@monthly"]), span: 60 };
    case 12:
      return { cron: `*/30 ${pick(["1-3", "0-4", "2", "22-2"])} * * *`, span: 10 };
    case 13:
      return { cron: "0 0 * * *", span: 60 };
    default:
      return { cron: `${minute} ${hour} * * *`, span: 60 };
  }
}

function caseOf(random: Random): Case {
  const { int, pick } = random;
  // The host counts windows one by one: most definitions are short, so that many can be compared.
  const { cron, span: longest } = cronOf(random);
  const span = random.next() < 0.05 ? longest : Math.max(2, Math.ceil(longest / 6));
  const year = int(2015, 2030);
  const day = random.next() < 0.6 ? pick(CRITICAL) : `${two(int(1, 12))}-${two(int(1, 28))}`;
  const base = new Date(`${year}-${day === "02-29" && year % 4 !== 0 ? "02-28" : day}T00:00:00Z`);
  const startDay = new Date(base.getTime() - int(0, Math.max(1, Math.floor(span / 2))) * 86_400_000);
  const iso = (date: Date, hour: number): string => `${date.toISOString().slice(0, 10)}T${two(hour)}:00:00`;
  const end = random.next() < 0.25 ? iso(new Date(startDay.getTime() + int(0, span) * 86_400_000), 0) : null;
  const exclusions: (string | { wall: string })[] = [];
  // Sparse schedules get no cron exclusions: one that leaves nothing would keep the host searching.
  if (longest <= 60 && random.next() < 0.25)
    exclusions.push(pick(["0 0 * * 0", "0 0 1 * *", "30 2 1 * *", "0 * 7 * *"]));
  if (random.next() < 0.1)
    exclusions.push({ wall: iso(new Date(startDay.getTime() + int(0, 5) * 86_400_000), 0) });
  const finest = /^(\*|\d+,|\S+ \*)/.test(cron) || cron === "@hourly" || /\/|-|,/.test(cron);
  return {
    cron,
    timezone: pick(ZONES),
    start: iso(startDay, random.next() < 0.8 ? 0 : int(0, 23)),
    end,
    fmt: finest || random.next() < 0.3 ? pick(TIMED_FORMATS) : pick(DAILY_FORMATS),
    end_offset: random.next() < 0.7 ? 0 : int(-3, 3),
    exclusions,
    now: Math.floor(startDay.getTime() / 1000) + int(-1, span * 24) * 3600 + int(0, 3599),
    sample: [int(0, 3), int(4, 9), int(10, 40)],
  };
}
