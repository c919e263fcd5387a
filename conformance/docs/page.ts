import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parse as parseToml } from "smol-toml";
import { parseAllDocuments } from "yaml";
import { RockyComponent } from "@dagster-rocky/dagster-rocky";
import { freePort } from "../../tools/processes.ts";
import { type Fence, fencesOf } from "./fences.ts";
import type { Installation } from "./install.ts";
import { openShell, type Shell } from "./shell.ts";
import type { Tally } from "./tally.ts";

export interface PageContext {
  readonly root: string;
  readonly installation: Installation;
  /** Folder with the stock Dagster's commands, when there is one. */
  readonly dagster: string | undefined;
  readonly tally: Tally;
}

/** `<!-- starts-from: examples/quickstart -->`: the page's commands run in a copy of that folder. */
const STARTS_FROM = /<!--\s*starts-from:\s*(\S+)\s*-->/;
const PORTS = ["4266", "3000"];

/**
 * Does what a page says, block by block, in a folder of its own:
 *
 * - `sh` runs; `background until="…"` starts it and goes on; `exit=N` expects that exit code; `covered-by=…`
 *   names what runs it instead. `text` behind it is what it prints, `…` standing for anything.
 * - a block with `file=…` is written there; TypeScript is type-checked at the end of the page.
 * - other TypeScript is run; YAML, TOML and JSON are parsed, with `attributes` as those of the component.
 */
export async function runPage(file: string, context: PageContext): Promise<void> {
  const { root, installation, tally } = context;
  const markdown = readFileSync(file, "utf8");
  const name = relative(root, file);
  const folder = join(installation.folder, name.replaceAll(/[^A-Za-z0-9]+/g, "-"));
  mkdirSync(folder, { recursive: true });
  const startsFrom = STARTS_FROM.exec(markdown)?.[1];
  if (startsFrom !== undefined) {
    copyExample(join(root, startsFrom), folder);
    symlinkSync(join(installation.folder, "node_modules"), join(folder, "node_modules"));
  }
  const ports = new Map<string, string>();
  for (const port of PORTS) ports.set(port, String(await freePort()));
  const adapt = (text: string): string =>
    text
      .replaceAll(/\b(4266|3000)\b/g, (port) => ports.get(port) ?? port)
      .replaceAll(
        /npm install( @dagster-rocky\/[a-z-]+)+/g,
        `npm install ${installation.tarballs.join(" ")}`,
      );

  const shell = openShell(folder, environment(context));
  const page: Page = { name, shell, adapt, context, modules: [], printed: undefined };
  try {
    for (const fence of fencesOf(markdown)) {
      const where = `${name}:${fence.line}`;
      try {
        const outcome = await runFence(fence, page);
        if (outcome === undefined) tally.pass();
        else tally.skip(where, outcome);
      } catch (error) {
        tally.fail(where, error instanceof Error ? error.message : String(error));
      }
    }
    if (page.modules.length > 0) {
      const problem = typeProblems(page);
      if (problem === undefined) tally.pass();
      else tally.fail(`${name} (types)`, problem);
    }
  } finally {
    await shell.close();
  }
}

interface Page {
  readonly name: string;
  readonly shell: Shell;
  readonly adapt: (text: string) => string;
  readonly context: PageContext;
  /** TypeScript files of the page. */
  readonly modules: string[];
  /** What the last command printed. */
  printed: string | undefined;
}

/** Gives the reason when a block is left out; throws when it does not do what the page says. */
async function runFence(fence: Fence, page: Page): Promise<string | undefined> {
  const { flags, language } = fence;
  const text = page.adapt(fence.text);
  const file = flags.get("file");
  if (file !== undefined) {
    const path = join(page.shell.cwd, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${text}\n`);
    if (language === "ts") page.modules.push(path);
  }
  const covered = flags.get("covered-by");
  if (covered !== undefined) return `covered by ${covered}`;
  if (flags.get("needs") === "dagster" && page.context.dagster === undefined)
    return "there is no Dagster here";
  switch (language) {
    case "sh":
      await runCommands(fence, text, page);
      return undefined;
    case "text":
      requirePrinted(text, page.printed);
      return undefined;
    case "ts":
      if (file === undefined) runModule(text, fence, page);
      return undefined;
    case "yaml":
      checkYaml(text, flags.has("attributes"));
      return undefined;
    case "toml":
      parseToml(text);
      return undefined;
    case "json":
      JSON.parse(text);
      return undefined;
    case "sql":
    case "csv":
    case "dockerfile":
      if (file === undefined) throw new Error(`a block of ${language} needs file=… or covered-by=…`);
      return undefined;
    default:
      throw new Error(`blocks of language "${language}" cannot be checked`);
  }
}

async function runCommands({ flags }: Fence, script: string, page: Page): Promise<void> {
  if (flags.has("background")) {
    await page.shell.start(script, page.adapt(flags.get("until") ?? ""));
    return;
  }
  const { exitCode, output } = await page.shell.run(script);
  page.printed = output;
  const expected = Number(flags.get("exit") ?? 0);
  if (exitCode !== expected)
    throw new Error(`exit code ${exitCode}, not ${expected}:\n${output.slice(-2000)}`);
}

const plain = (line: string): string => line.trim().replaceAll(/\s+/g, " ");

/** Every line must have been printed; where and in which order is up to the program. */
function requirePrinted(text: string, printed: string | undefined): void {
  if (printed === undefined) throw new Error("no command before this block has printed anything");
  const lines = printed.split("\n").map(plain);
  for (const wanted of text.split("\n").map(plain)) {
    if (wanted === "" || wanted === "…") continue;
    const pattern = new RegExp(`^${wanted.split("…").map(literal).join(".*")}$`);
    if (!lines.some((line) => pattern.test(line)))
      throw new Error(`not printed: ${wanted}\n${printed.slice(-2000)}`);
  }
}

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

function runModule(text: string, { line }: Fence, page: Page): void {
  const path = join(page.shell.cwd, `example-${line}.ts`);
  writeFileSync(path, text);
  page.modules.push(path);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(page.context.root, "tools/run-ts.mjs"), path],
    { cwd: page.shell.cwd, env: environment(page.context), encoding: "utf8", timeout: 120_000 },
  );
  page.printed = `${stdout}${stderr}`;
  if (status !== 0) throw new Error(`it ended with exit code ${status}:\n${page.printed.slice(-2000)}`);
}

function checkYaml(text: string, isAttributes: boolean): void {
  for (const document of parseAllDocuments(text)) {
    if (document.errors.length > 0) throw new Error(document.errors.map(({ message }) => message).join("\n"));
    if (!isAttributes) continue;
    const value: unknown = document.toJS();
    const attributes = isRecord(value) && isRecord(value.attributes) ? value.attributes : value;
    RockyComponent.create(attributes, { resolve: (given) => given });
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function typeProblems({ modules, context }: Page): string | undefined {
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      join(context.root, "node_modules/typescript/bin/tsc"),
      ..."--ignoreConfig --noEmit --strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes --skipLibCheck".split(
        " ",
      ),
      ..."--module nodenext --target es2023 --allowImportingTsExtensions --types node".split(" "),
      "--typeRoots",
      join(context.root, "node_modules/@types"),
      ...modules,
    ],
    { encoding: "utf8" },
  );
  return status === 0 ? undefined : stdout;
}

function copyExample(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    filter: (source) => !/\.local_defs_state|\.duckdb|\.rocky|node_modules|\/data$/.test(source),
  });
}

/** A user's shell: nothing of this repository on PATH, and of Dagster only what is asked for. */
function environment({ dagster }: PageContext): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? "").split(":").filter((folder) => !folder.includes("node_modules"));
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|DAGSTER_|ROCKY_|NODE_PATH)/.test(name));
  return {
    ...Object.fromEntries(own),
    PATH: [...path, ...(dagster === undefined ? [] : [dagster])].join(":"),
    DAGSTER_DISABLE_TELEMETRY: "yes",
    NO_COLOR: "1",
  };
}

export const pagesOf = (root: string): readonly string[] => [
  join(root, "README.md"),
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => join(root, "docs", name)),
  ...readdirSync(join(root, "packages")).map((name) => join(root, "packages", name, "README.md")),
];
