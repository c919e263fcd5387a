import { readFileSync } from "node:fs";
import { chooseTable, type TableChoice } from "./choose-table.ts";
import type { ClassTable } from "./class-table.ts";
import { patch_1_12_0 } from "./generated/dagster-1.12.0.ts";
import { dagster_1_13_27 } from "./generated/dagster-1.13.27.ts";
import { patchTable } from "./patch-table.ts";

/** The oldest and the newest release that is served; the newest last. Few processes need the older one. */
export const knownTables = (): readonly [ClassTable, ClassTable] => [
  patchTable(dagster_1_13_27, patch_1_12_0),
  dagster_1_13_27,
];

/** Everything is compiled from here: the types of `wire` are those of this release. */
export const newestTable: ClassTable = dagster_1_13_27;

/**
 * The choice for this process. The host does not say its version, and needs not to: it drops what it does not
 * know. `DAGSTER_HOST_VERSION` names it where exactly its own fields are wanted, and `DAGSTER_CLASS_TABLE` a
 * file with the table of a release that this package does not know.
 */
export const hostTable: TableChoice = choose(process.env.DAGSTER_HOST_VERSION);

function choose(version: string | undefined): TableChoice {
  if (version === undefined || version === "") return { table: newestTable };
  return chooseTable(knownTables(), { version, ...tableFromFile(process.env.DAGSTER_CLASS_TABLE) });
}

function tableFromFile(path: string | undefined): { readonly table?: ClassTable } {
  if (path === undefined || path === "") return {};
  return { table: JSON.parse(readFileSync(path, "utf8")) as ClassTable };
}
