import type { ColumnInfo } from "../../adapters/adapter.ts";
import { RockyError } from "../../errors.ts";

const SQL_TIME = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2})(\.\d+)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

const offsetMinutes = (text: string | undefined): number => {
  if (text === undefined || text === "Z") return 0;
  const sign = text.startsWith("-") ? -1 : 1;
  const [hours = 0, minutes = 0] = text.slice(1).replace(":", "").match(/\d{2}/g)?.map(Number) ?? [];
  return sign * (60 * hours + minutes);
};

/** Three, six or nine digits: nothing is rounded, and every ISO 8601 reader takes it. */
const padFraction = (fraction: string | undefined): string => {
  const digits = (fraction ?? "").replace(/^\./, "").replace(/0+$/, "");
  if (digits === "") return "";
  return `.${digits.padEnd(Math.ceil(digits.length / 3) * 3, "0")}`;
};

/** A warehouse's timestamp text as ISO 8601 in UTC, all digits kept. Undefined when it is no timestamp. */
export const isoWatermark = (text: string): string | undefined => {
  const match = SQL_TIME.exec(text);
  if (match === null) return undefined;
  const [, date, time = "00:00:00", fraction, zone] = match;
  const utc = new Date(`${date}T${time}Z`);
  if (Number.isNaN(utc.getTime())) return undefined;
  utc.setUTCMinutes(utc.getUTCMinutes() - offsetMinutes(zone));
  return `${utc.toISOString().slice(0, 19)}${padFraction(fraction)}Z`;
};

export const EPOCH = "1970-01-01T00:00:00Z";

/** The watermark as a literal of the column's own type, so that nothing is cast on the way. */
export const watermarkLiteral = (iso: string, column: ColumnInfo): string => {
  const text = iso.replace("T", " ").replace(/Z$/, "");
  const type = column.type.toUpperCase();
  if (type === "TIMESTAMP WITH TIME ZONE") return `TIMESTAMPTZ '${text}+00'`;
  if (type === "TIMESTAMP_NS") return `TIMESTAMP_NS '${text}'`;
  return `TIMESTAMP '${text}'`;
};

/** The column that an incremental copy follows; refused before anything is copied when it cannot serve. */
export const timestampColumnOf = (
  columns: readonly ColumnInfo[],
  name: string,
  table: string,
): ColumnInfo => {
  const found = columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) {
    throw new RockyError(
      "config_invalid",
      `table ${table} has no column '${name}' to copy incrementally by`,
      {
        hint: "set timestamp_column, or another strategy, for it in [[table_overrides]]",
      },
    );
  }
  if (/^(TIMESTAMP|DATE)/i.test(found.type)) return found;
  throw new RockyError(
    "config_invalid",
    `column '${name}' of ${table} is ${found.type}, not a date or timestamp`,
    {
      hint: "set another timestamp_column, or another strategy, for it in [[table_overrides]]",
    },
  );
};
