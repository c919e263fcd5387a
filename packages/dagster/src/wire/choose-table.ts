import type { ClassTable } from "./class-table.ts";
import { tableGaps } from "./compare-tables.ts";

/** The host's Dagster is one that this package cannot serve. */
export class UnsupportedDagsterError extends Error {
  override readonly name = "UnsupportedDagsterError";
}

export interface TableChoice {
  readonly table: ClassTable;
  /** Set when nobody has tested this package with the host's release. */
  readonly warning?: string;
}

interface HostRelease {
  /** Such as `1.13.27`. */
  readonly version: string;
  /** The release's own table, when it was made (`conformance/wire/class_table.py json`). */
  readonly table?: ClassTable;
}

const MINOR = /^(\d+)\.(\d+)(?:\.|$)/;

function minorOf(version: string): number {
  const match = MINOR.exec(version);
  if (match === null) {
    throw new UnsupportedDagsterError(`\`${version}\` is no Dagster version; write it like 1.13.27`);
  }
  return Number(match[1]) * 1000 + Number(match[2]);
}

/**
 * The table to write with for a host. `known` is ordered, the newest last. Throws `UnsupportedDagsterError` for
 * hosts older than the first one, and for unknown ones that would not understand what is written.
 */
export function chooseTable(known: readonly [ClassTable, ...ClassTable[]], host: HostRelease): TableChoice {
  const newest = known.at(-1) ?? known[0];
  const { version } = host;
  const minor = minorOf(version);
  const exact = known.find((table) => minorOf(table.version) === minor);
  if (exact !== undefined) return { table: exact };
  const tested = `tested are ${known.map((table) => table.version).join(" and ")}`;
  if (minor < minorOf(known[0].version)) {
    throw new UnsupportedDagsterError(
      `Dagster ${version} is older than ${known[0].version}, the first release that this package serves`,
    );
  }
  if (host.table === undefined) {
    return {
      table: newest,
      warning:
        `Dagster ${version} is newer than the releases that this package was tested with and was not compared with ` +
        `them (${tested}); it is written for as ${newest.version} is`,
    };
  }
  const { missing, needed } = tableGaps(newest, host.table);
  if (missing.length + needed.length === 0) {
    return {
      table: newest,
      warning: `Dagster ${version} is unknown, but reads all that is written; ${tested}`,
    };
  }
  const what = [...missing.map((name) => `has no ${name}`), ...needed.map((name) => `needs ${name}`)];
  const shown = what.slice(0, 5).join(", ");
  const more = what.length > 5 ? ` and ${what.length - 5} more differences` : "";
  throw new UnsupportedDagsterError(
    `Dagster ${version} does not understand this package: it ${shown}${more}; ${tested}`,
  );
}
