import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { resource } from "@dagster-rocky/dagster";

/** Tables as JSON files. A database client would look the same to the assets. */
export interface Store {
  /** Throws when the table was never written. */
  read<T>(table: string): Promise<readonly T[]>;
  write(table: string, rows: readonly object[]): Promise<void>;
  /** The last day of a table that has one file for each day. */
  latest(table: string): Promise<string>;
}

const folder = process.env.WEATHER_DATA ?? fileURLToPath(new URL("./data", import.meta.url));
const fileOf = (table: string): string => join(folder, `${table}.json`);

export const store = resource<Store>({
  description: "JSON files, one for each table or day of a table",
  display: { folder: { env: "WEATHER_DATA" } },
  create: () => ({
    async read<T>(table: string) {
      return JSON.parse(await readFile(fileOf(table), "utf8")) as T[];
    },
    async write(table, rows) {
      const file = fileOf(table);
      await mkdir(dirname(file), { recursive: true });
      // Readers see the old table or the new one, and never half of it.
      await writeFile(`${file}.new`, JSON.stringify(rows));
      await rename(`${file}.new`, file);
    },
    async latest(table) {
      const days = (await readdir(join(folder, table))).filter((name) => name.endsWith(".json")).sort();
      const last = days.at(-1);
      if (last === undefined) throw new Error(`${table} has no day yet`);
      return last.replace(/\.json$/, "");
    },
  }),
});
