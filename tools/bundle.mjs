// Writes what Node loads of each package: its own modules and its pure JavaScript dependencies in a few files, because
// Node spends half a millisecond on every file that it opens. Plain JavaScript, because it runs on a fresh clone.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const packagesFolder = fileURLToPath(new URL("../packages", import.meta.url));

/**
 * By package and module format: the files that something outside asks for by name, and the modules that they begin
 * with. What several files of one format need lies in chunks beside them, so that it is loaded once.
 */
const entries = {
  rocky: {
    esm: { index: "index.ts", "parser-thread": "parser-thread.ts" },
    // A process for each call of the engine: Node starts CommonJS without its module loader, a tenth faster.
    cjs: { main: "cli/main.ts" },
  },
  dagster: {
    esm: {
      index: "index.ts",
      cli: "cli/index.ts",
      testing: "testing/index.ts",
      main: "cli/main.ts",
      "location-thread": "server/location-thread.ts",
      "location-threads": "server/location-threads.ts",
      "refresh-thread": "server/refresh-thread.ts",
      "run-worker-process": "cli/run-worker-process.ts",
    },
  },
  "dagster-rocky": { esm: { index: "index.ts", main: "cli/main.ts", registry: "cli/registry.ts" } },
};

const extensions = { esm: "js", cjs: "cjs" };

/** A dependency for scripts of projects that open the database themselves; ours loads it as one file of two hundred. */
const copied = ["@duckdb/node-api"];

const mapValues = (record, change) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** What a package names as its dependencies is imported by name; everything else becomes part of its files. */
async function writeFormat(folder, format, modules) {
  const outside = Object.keys(manifestOf(folder).dependencies).filter((known) => !copied.includes(known));
  const bundle = await rolldown({
    input: mapValues(modules, (module) => join(folder, "src", module)),
    platform: "node",
    external: (id) => outside.some((known) => id === known || id.startsWith(`${known}/`)),
    transform: { target: "node20.20" },
    onLog(level, log, report) {
      if (level === "warn") throw new Error(log.message);
      report(level, log);
    },
  });
  const extension = extensions[format];
  const { output } = await bundle.write({
    dir: join(folder, "dist"),
    format,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `[name]-[hash].${extension}`,
  });
  return output;
}

/** Removes code of earlier builds; what `tsc` writes beside it stays. */
function removeStale(dist, written) {
  for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" }))
    if (/\.c?js(\.map)?$/.test(file) && !written.has(file)) rmSync(join(dist, file));
}

/** Permissive licenses ask for their text beside every copy of the code. */
function writeNotices(file, modules) {
  const folders = new Set(
    modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []),
  );
  const notices = [...folders].sort().map((folder) => {
    const { name, version, license } = manifestOf(folder);
    const text = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (text === undefined) throw new Error(`${name} is bundled, but has no license file`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, text), "utf8").trim()}\n`;
  });
  writeFileSync(file, notices.join(`\n${"-".repeat(80)}\n\n`));
}

for (const [name, formats] of Object.entries(entries)) {
  const folder = join(packagesFolder, name);
  const output = [];
  for (const [format, modules] of Object.entries(formats))
    output.push(...(await writeFormat(folder, format, modules)));
  removeStale(join(folder, "dist"), new Set(output.map((file) => file.fileName)));
  writeNotices(
    join(folder, "dist/THIRD-PARTY-NOTICES.txt"),
    output.flatMap((file) => file.moduleIds ?? []),
  );
}
