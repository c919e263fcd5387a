import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DagsterGraphql } from "../../tools/graphql.ts";
import type { Verdict } from "../verdicts.ts";

/** A wrong definition or file, and what the UI must say of it: which, where, and what to do. */
type Mistake = readonly [title: string, text: string, message: RegExp];

const defs = (...lines: readonly string[]): string => `import * as d from "@dagster-rocky/dagster";
const nothing = () => {};
${lines.join("\n")}
`;
const assets = (text: string): string =>
  defs(`export const defs = d.Definitions.create({ assets: [${text}] });`);

const inDefinitions: readonly Mistake[] = [
  [
    "the same asset twice",
    assets('d.asset({ key: "a" }, nothing), d.externalAsset({ key: "a" })'),
    /asset `a` is defined twice; give one of them another key/,
  ],
  [
    "the same op twice",
    assets('d.asset({ key: "a__b" }, nothing), d.asset({ key: "a/b" }, nothing)'),
    /two ops are named `a__b`; give one of them another name/,
  ],
  [
    "a circle",
    assets('d.asset({ key: "a", deps: ["b"] }, nothing), d.asset({ key: "b", deps: ["a"] }, nothing)'),
    /depend on each other in a circle: .*a -> b|b -> a/,
  ],
  [
    "an empty key",
    assets('d.asset({ key: "a//b" }, nothing)'),
    /asset key `a\/\/b` must have at least one segment and no empty one/,
  ],
  [
    "a group with a blank",
    assets('d.asset({ key: "a", group: "my group" }, nothing)'),
    /asset `a`: group `my group` must consist of letters/,
  ],
  [
    "a tag with a blank",
    assets('d.asset({ key: "a", tags: { "x y": "" } }, nothing)'),
    /asset `a`: tag key `x y` must be at most 63/,
  ],
  [
    "an owner",
    assets('d.asset({ key: "a", owners: ["ada"] }, nothing)'),
    /asset `a`: owner `ada` must be an e-mail address or a team/,
  ],
  [
    "a reserved op name",
    assets('d.asset({ key: "a", opName: "class" }, nothing)'),
    /op name `class` is a reserved word; choose another/,
  ],
  [
    "the same dependency twice",
    assets('d.asset({ key: "a", deps: ["b", ["b"]] }, nothing)'),
    /asset `a` names the dependency `b` twice/,
  ],
  [
    "a check of nothing",
    assets(
      'd.multiAsset({ name: "m", assets: [{ key: "a" }], checks: [{ name: "c", asset: "b" }] }, () => [])',
    ),
    /op `m`: check `c` of `b` is on an asset that this op does not make/,
  ],
  [
    "partitions from no date",
    assets('d.asset({ key: "a", partitions: d.dailyPartitions({ start: "soon" }) }, nothing)'),
    /soon/,
  ],
  [
    "partitions of an unknown zone",
    assets(
      'd.asset({ key: "a", partitions: d.dailyPartitions({ start: "2026-01-01", timezone: "Mars/X" }) }, nothing)',
    ),
    /Mars\/X/,
  ],
  [
    "the same partition twice",
    assets('d.asset({ key: "a", partitions: d.staticPartitions(["x", "x"]) }, nothing)'),
    /`x`/,
  ],
  [
    "a partition with a line break",
    assets('d.asset({ key: "a", partitions: d.staticPartitions(["x\\ny"]) }, nothing)'),
    /partition/,
  ],
  [
    "a cron",
    assets(
      'd.asset({ key: "a", partitions: d.cronPartitions({ start: "2026-01-01", cron: "61 * * * *", format: "%Y" }) }, nothing)',
    ),
    /61 \* \* \* \*/,
  ],
  [
    "an automation cron",
    assets('d.asset({ key: "a", automationCondition: d.AutomationCondition.onCron("never") }, nothing)'),
    /never/,
  ],
  [
    "a freshness window",
    assets(
      'd.asset({ key: "a", freshnessPolicy: d.FreshnessPolicy.timeWindow({ failWindow: 1 }) }, nothing)',
    ),
    /failWindow is at least 60 seconds/,
  ],
  [
    "a resource that nobody defines",
    assets('d.asset({ key: "a", requiredResourceKeys: ["db"] }, nothing)'),
    /op `a` needs resource `db`, which is not defined; give it to/,
  ],
  [
    "two resources of one name",
    assets(
      'd.asset({ key: "a", resources: { db: d.resource({ create: nothing }) } }, nothing), d.asset({ key: "b", resources: { db: d.resource({ create: nothing }) } }, nothing)',
    ),
    /resource `db` has two different definitions; share one object or use another key/,
  ],
  [
    "a job of an unknown asset",
    defs(
      'export const defs = d.Definitions.create({ assets: [d.asset({ key: "orders" }, nothing)], jobs: [d.job({ name: "j", selection: ["ordrs"] })] });',
    ),
    /job `j`: asset `ordrs` was selected, but this code location has no such asset; did you mean "orders"\?/,
  ],
  [
    "a selection that cannot be read",
    defs(
      'export const defs = d.Definitions.create({ assets: [d.asset({ key: "a" }, nothing)], jobs: [d.job({ name: "j", selection: "grup:x" })] });',
    ),
    /asset selection `grup:x`: expected one of key:, group:, kind:, owner:, tag:, found "grup"/,
  ],
  [
    "a job's config",
    defs(
      'export const defs = d.Definitions.create({ assets: [d.asset({ key: "a", config: { n: d.Config.int() } }, nothing)], jobs: [d.job({ name: "j", selection: ["a"], config: { ops: { a: { config: { n: "x" } } } } })] });',
    ),
    /job `j`: run config `ops\.a\.config\.n`: expected Int, got "x"/,
  ],
  [
    "a schedule of an unknown job",
    defs(
      'export const defs = d.Definitions.create({ schedules: [d.schedule({ name: "s", cron: "@daily", target: { ...d.job({ name: "gone", selection: [] }) } })] });',
    ),
    /`s` targets job `gone`, which does not exist/,
  ],
  [
    "a schedule's cron",
    defs(
      'export const defs = d.Definitions.create({ schedules: [d.schedule({ name: "s", cron: "1 2 3", target: ["a"] })] });',
    ),
    /schedule `s`: `1 2 3` is not a cron string/,
  ],
  [
    "two jobs of one name",
    defs(
      'const j = d.job({ name: "j", selection: [] });\nexport const defs = d.Definitions.create({ jobs: [j, { ...j }] });',
    ),
    /job `j`/,
  ],
  [
    "metadata of another place",
    assets(
      'd.asset({ key: "a", metadata: { x: d.MetadataValue.codeLocationReconstruction("y") } }, nothing)',
    ),
    /belongs to the code location itself/,
  ],
  ["no export", defs("export const definitions = 1;"), /definitions\.ts must export `defs`/],
  [
    "something else",
    defs("export const defs = 3;"),
    /definitions\.ts must export `defs`: definitions, or a function that returns them/,
  ],
  ["code that throws", defs('throw new TypeError("no such table");'), /no such table/],
  ["a syntax error", "export const defs = {;\n", /definitions\.ts|Unexpected token/],
  ["a module that is not there", 'import "./gone.ts";\nexport const defs = 1;\n', /gone\.ts/],
];

const file = (text: string): string => `type: parts.Counted\n${text}`;
const inYaml: readonly Mistake[] = [
  ["not YAML", "type: [\n", /defs\/stock\/defs\.yaml:2:1: /],
  ["a key twice", "type: parts.Counted\ntype: parts.Counted\n", /defs\/stock\/defs\.yaml:2:1: /],
  ["no type", "attributes: {}\n", /defs\/stock\/defs\.yaml:1:1: "type" must name a component/],
  [
    "an unknown type",
    "type: parts.Conted\n",
    /defs\/stock\/defs\.yaml:1:7: .*exports no "Conted"; did you mean "Counted"\?/,
  ],
  [
    "an unknown module",
    "type: prts.Counted\n",
    /defs\/stock\/defs\.yaml:1:7: unknown component type "prts\.Counted"/,
  ],
  [
    "an unknown attribute",
    file("attributes: {nam: x}\n"),
    /defs\/stock\/defs\.yaml:2:14: unknown attribute "nam"; did you mean "name"\?/,
  ],
  ["a missing attribute", file("attributes: {note: x}\n"), /defs\/stock\/defs\.yaml:2:13: name is required/],
  [
    "an attribute of another type",
    file("attributes: {name: [x]}\n"),
    /defs\/stock\/defs\.yaml:2:20: name must be string, got array/,
  ],
  [
    "an unknown variable",
    file('attributes: {name: "{{ nme }}"}\n'),
    /defs\/stock\/defs\.yaml:2:20: "nme" is not in scope/,
  ],
  [
    "a variable that is not set",
    file("attributes: {name: \"{{ env('NOT_SET_HERE') }}\"}\n"),
    /environment variable NOT_SET_HERE is not set; set it, or give a default/,
  ],
  [
    "a target",
    file("attributes: {name: x}\npost_processing: {assets: [{target: 'key:', attributes: {}}]}\n"),
    /defs\/stock\/defs\.yaml:3:37: asset selection `key:`/,
  ],
  [
    "the same state key twice",
    `${file("attributes: {name: x}\n")}---\n${file("attributes: {name: x}\n")}`,
    /Counted\[x\]|counted\/x/,
  ],
  [
    "an unknown section",
    file("atributes: {}\n"),
    /defs\/stock\/defs\.yaml:2:1: unknown key "atributes"; did you mean "attributes"\?/,
  ],
];

interface Reloaded {
  readonly __typename: string;
  readonly message?: string;
  readonly stack?: readonly string[];
}

async function reload(graphql: DagsterGraphql): Promise<Reloaded> {
  const data = await graphql.query<{
    reloadRepositoryLocation: { __typename: string; locationOrLoadError?: Reloaded; message?: string };
  }>(
    `mutation { reloadRepositoryLocation(repositoryLocationName: "nouns") { __typename
       ... on WorkspaceLocationEntry { locationOrLoadError { __typename ... on PythonError { message stack } } }
       ... on Error { message } } }`,
  );
  const { locationOrLoadError, ...reply } = data.reloadRepositoryLocation;
  return locationOrLoadError ?? reply;
}

/** Each mistake is a load error in the UI that says what and where; with the right text the location is back. */
export async function mistakes(graphql: DagsterGraphql, verdict: Verdict, project: string): Promise<void> {
  const places = [
    [join(project, "definitions.ts"), inDefinitions],
    [join(project, "defs/stock/defs.yaml"), inYaml],
  ] as const;
  for (const [path, list] of places) {
    const right = readFileSync(path, "utf8");
    for (const [title, text, message] of list) {
      writeFileSync(path, text);
      const found = await reload(graphql);
      const said = found.message ?? "";
      verdict(
        `${title}: ${said.trim()}`,
        [true, true],
        [found.__typename === "PythonError", message.test(said)],
      );
    }
    writeFileSync(path, right);
    verdict("the location is back", "RepositoryLocation", (await reload(graphql)).__typename);
  }
}
