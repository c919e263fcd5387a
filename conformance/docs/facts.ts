import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { RockyComponent } from "@dagster-rocky/dagster-rocky";
import type { Tally } from "./tally.ts";

interface Schema {
  readonly properties: Readonly<Record<string, { readonly default?: unknown }>>;
}

/** `| \`name\` | \`default\` | meaning |`, one line for each attribute. */
const ROW = /^\| `([a-z_]+)` \| (.+?) \| (.+) \|$/;

/** The table of attributes and the component's schema name the same attributes with the same defaults. */
export function checkAttributes(page: string, tally: Tally): void {
  const { properties } = RockyComponent.attributesSchema as Schema;
  const rows = new Map<string, string>();
  for (const line of page.split("\n")) {
    const [, name = "", fallback = ""] = ROW.exec(line) ?? [];
    if (name in properties) rows.set(name, fallback);
  }
  for (const [name, { default: value }] of Object.entries(properties)) {
    const row = rows.get(name);
    const shown = value === undefined || value === null ? "–" : `\`${shownDefault(value)}\``;
    if (row === undefined) tally.fail("docs/attributes.md", `attribute ${name} is missing`);
    else if (row !== shown)
      tally.fail("docs/attributes.md", `${name}: default ${row}, and the schema says ${shown}`);
    else tally.pass();
  }
}

const shownDefault = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Every error that a user may meet stands in the troubleshooting pages. */
export function checkErrors(page: string, root: string, tally: Tally): void {
  const expect = (name: string): void => {
    if (page.includes(`\`${name}\``)) tally.pass();
    else tally.fail("docs/operating.md", `error \`${name}\` is not explained`);
  };
  for (const name of errorNames(root)) expect(name);
  const unions: readonly (readonly [file: string, type: string])[] = [
    ["dagster-rocky/src/component/component-error.ts", "RockyComponentErrorCode"],
    ["dagster-rocky/src/resource/errors.ts", "RockyErrorKind"],
    ["dagster/src/instance/errors.ts", "StorageErrorCode"],
    ["rocky/src/errors.ts", "RockyErrorCode"],
  ];
  for (const [file, type] of unions) {
    const source = readFileSync(join(root, "packages", file), "utf8");
    const union = new RegExp(`type ${type} =([^;]+);`).exec(source)?.[1] ?? "";
    const members = [...union.matchAll(/"([A-Za-z_]+)"/g)].map(([, name = ""]) => name);
    if (members.length === 0) tally.fail(file, `no members of ${type} were found`);
    for (const name of members) expect(name);
  }
}

/** Names under which errors are shown: those that classes give themselves. */
function errorNames(root: string): readonly string[] {
  const names = new Set<string>();
  for (const name of readdirSync(join(root, "packages"))) {
    const source = join(root, "packages", name, "src");
    for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
      const text = readFileSync(join(source, file), "utf8");
      for (const [, found = ""] of text.matchAll(/override readonly name(?:: string)? = "(\w+)"/g))
        names.add(found);
    }
  }
  return [...names].sort();
}

/** `docs/engine.md` names every command of `rocky`. */
export function checkCommands(page: string, root: string, tally: Tally): void {
  const { stdout } = spawnSync(process.execPath, [join(root, "packages/rocky/bin/rocky.js"), "--help"], {
    encoding: "utf8",
  });
  const list = stdout.split("Commands:\n")[1]?.split("\n\n")[0] ?? "";
  const commands = list.split("\n").flatMap((line) => /^ {2}(\S+(?: \S+)*) {2,}/.exec(line)?.[1] ?? []);
  if (commands.length === 0) tally.fail("rocky --help", "no commands were found");
  for (const command of commands) {
    if (page.includes(`\`${command}\``)) tally.pass();
    else tally.fail("docs/engine.md", `command \`${command}\` is missing`);
  }
}

/** Links and pictures inside the repository lead somewhere, headings included. */
export function checkLinks(file: string, root: string, tally: Tally): void {
  const where = relative(root, file);
  if (!existsSync(file)) {
    tally.fail(where, "this page does not exist");
    return;
  }
  const text = readFileSync(file, "utf8").replaceAll(/```[\s\S]*?```/g, "");
  for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path = "", anchor] = target.split("#");
    const full = path === "" ? file : join(dirname(file), path);
    if (!existsSync(full)) tally.fail(where, `${target} leads nowhere`);
    else if (anchor !== undefined && !headings(full).includes(anchor)) {
      tally.fail(where, `${target}: there is no such heading`);
    } else tally.pass();
  }
}

const headings = (file: string): readonly string[] =>
  [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );
