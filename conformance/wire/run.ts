/**
 * The class tables that are checked in against the installed Dagster (its interpreter is in PEER_PYTHON): that of its
 * own release holds exactly what it reads and writes, that of its minor nothing that it could not read.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { chooseTable } from "../../packages/dagster/src/wire/choose-table.ts";
import type { ClassTable } from "../../packages/dagster/src/wire/class-table.ts";
import { tableGaps } from "../../packages/dagster/src/wire/compare-tables.ts";
import { knownTables } from "../../packages/dagster/src/wire/host-table.ts";
import { Report } from "../report.ts";

const script = fileURLToPath(new URL("./class_table.py", import.meta.url));
const made = spawnSync(process.env.PEER_PYTHON ?? "python3", [script, "json"], {
  encoding: "utf8",
  maxBuffer: 1 << 26,
});
if (made.status !== 0) throw new Error(`class_table.py ended with ${made.status}: ${made.stderr}`);
const host = JSON.parse(made.stdout) as ClassTable;

const report = new Report();
const { table, warning } = chooseTable(knownTables(), { version: host.version, table: host });
report.check(`Dagster ${host.version} is a tested minor`, warning === undefined, warning);
const { missing, needed } = tableGaps(table, host);
report.check("it gets every field that it needs", needed.length === 0, needed);
if (table.version === host.version) {
  for (const kind of ["objects", "enums"] as const) {
    const [ours, theirs] = [table[kind], host[kind]];
    for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      const same = JSON.stringify(ours[name]) === JSON.stringify(theirs[name]);
      report.check(`table of ${name}`, same, { ours: ours[name], host: theirs[name] });
    }
  }
} else {
  // Classes that a newer patch of the minor brought; they are only written for definitions that ask for them.
  console.log(
    `Dagster ${host.version} lacks ${missing.length} names of ${table.version}: ${missing.join(", ")}`,
  );
}
process.exitCode = report.close();
