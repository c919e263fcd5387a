import type { Model } from "../../models/index.ts";
import { scanRegions } from "../../sql/scan.ts";

const CHANGING =
  /\b(random|rand|uuid\w*|gen_random_uuid|now|today|getdate|sysdate|nextval|get_current_\w+|transaction_timestamp|read_\w+|\w+_scan|glob|sniff_csv)\s*\(|\b(current_(date|time|timestamp)|localtime|localtimestamp|tablesample|using\s+sample)\b/i;
const FILE = /\b(from|join)\s*$/i;

/**
 * Whether the same tables give the same rows: no clock, no chance, no files. The model may say so itself with
 * `[skip] deterministic`.
 */
export const isDeterministic = (model: Model, sql: string): boolean => {
  if (model.skip?.deterministic !== undefined) return model.skip.deterministic;
  const regions = scanRegions(sql);
  return !regions.some(({ kind, start, end }, index) => {
    const part = sql.slice(start, end);
    if (kind !== "code") return false;
    return CHANGING.test(part) || (regions[index + 1]?.kind === "string" && FILE.test(part));
  });
};
