/**
 * Compares the class table of a release with the newest one that is checked in:
 *
 *     python conformance/wire/class_table.py json > table.json
 *     node tools/run-ts.mjs conformance/wire/diff.ts table.json
 *
 * Prints what the other release has more or less. Exit code 1 when it cannot read what this package writes.
 */
import { readFileSync } from "node:fs";
import { tableGaps } from "../../packages/dagster/src/wire/compare-tables.ts";
import type { ClassEntry, ClassTable } from "../../packages/dagster/src/wire/class-table.ts";
import { knownTables, newestTable } from "../../packages/dagster/src/wire/host-table.ts";

const fieldsOf = (entry: ClassEntry | undefined): ReadonlySet<string> =>
  new Set([...(entry?.required ?? []), ...Object.keys({ ...entry?.defaults, ...entry?.constant })]);

function* differences(from: ClassTable, to: ClassTable): Generator<string, void, undefined> {
  for (const name of Object.keys(to.objects)) if (!(name in from.objects)) yield `+ ${name}`;
  for (const [name, entry] of Object.entries(from.objects)) {
    const other = to.objects[name];
    if (other === undefined) {
      yield `- ${name}`;
      continue;
    }
    const before = fieldsOf(entry);
    const after = fieldsOf(other);
    for (const field of after) if (!before.has(field)) yield `+ ${name}.${field}`;
    for (const field of before) if (!after.has(field)) yield `- ${name}.${field}`;
  }
  for (const name of new Set([...Object.keys(from.enums), ...Object.keys(to.enums)])) {
    const before = from.enums[name] ?? [];
    const after = to.enums[name] ?? [];
    for (const member of after) if (!before.includes(member)) yield `+ ${name}.${member}`;
    for (const member of before) if (!after.includes(member)) yield `- ${name}.${member}`;
  }
}

const file = process.argv.slice(2).find((argument) => argument.endsWith(".json"));
const other = file === undefined ? knownTables()[0] : (JSON.parse(readFileSync(file, "utf8")) as ClassTable);
console.log(`from ${newestTable.version} to ${other.version}:`);
for (const line of differences(newestTable, other)) console.log(`  ${line}`);
const { missing, needed } = tableGaps(newestTable, other);
console.log(
  `${missing.length} names that it cannot read, ${needed.length} fields that it needs and does not get`,
);
process.exitCode = needed.length > 0 || (file !== undefined && missing.length > 0) ? 1 : 0;
