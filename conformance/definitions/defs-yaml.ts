import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadLocation } from "../../packages/dagster/src/components/load-location.ts";
import { AssetKey, type AssetSpec, type MetadataValue } from "../../packages/dagster/src/index.ts";
import { metadataMapping } from "../../packages/dagster/src/snapshot/index.ts";
import { writeWire } from "../../packages/dagster/src/wire/index.ts";
import { type DefsYamlCase, defsYamlCases } from "./defs-yaml-cases.ts";
import { isBefore113 } from "../host-version.ts";

const API = fileURLToPath(new URL("../../packages/dagster/src/index.ts", import.meta.url));

const PARTS = `import { asset, AssetEvent, Definitions, externalAsset, multiAsset } from ${JSON.stringify(API)};
export const Chain = {
  typeName: "parts.Chain",
  attributesSchema: { type: "object", properties: { names: { type: "array", items: { type: "string" } } }, additionalProperties: false },
  create: (attributes, scope) => ({
    async buildDefs() {
      const { names } = scope.resolve(attributes);
      const chained = names.map((key, index) => asset({ key, deps: index === 0 ? [] : [names[index - 1]], tags: { t: "1", keep: "y" },
        kinds: ["sql"], metadata: { m: "1" }, group: "g", owners: ["team:x"], description: "d", codeVersion: "1" }, () => {}));
      const several = multiAsset({ name: "several", canSubset: true, assets: [{ key: "m1", skippable: true }, { key: "m2", deps: ["m1"], skippable: true }] }, () => []);
      return Definitions.create({ assets: [...chained, several, externalAsset({ key: "ext" })] });
    },
  }),
};
`;

const VARS = `import { staticPartitions } from ${JSON.stringify(API)};
export const name = "from_vars";
export const folder_name = (context) => context.path.split("/").at(-1);
export const join = () => (a, b = "d") => a + "_" + b;
export const listed = () => ["l1", "l2"];
export const parts = () => staticPartitions(["k"]);
export const env = "mine";
`;

const MODULES: Readonly<Record<NonNullable<DefsYamlCase["vars"]>, string>> = {
  chain: VARS,
  folder: VARS,
  none: "export {};\n",
  failing: "export const name = () => { throw new Error('boom'); };\n",
  "two arguments": "export const name = (a, b) => a;\n",
};

const shape = (spec: AssetSpec, codeReferences?: MetadataValue) => ({
  deps: spec.deps.map((dep) => AssetKey.toUserString(dep.assetKey)),
  tags: spec.tags,
  kinds: [...spec.kinds].sort(),
  metadata: JSON.parse(
    writeWire(metadataMapping({ "dagster/code_references": codeReferences, ...spec.metadata })).replace(
      /"file_path": "[^"]*\//g,
      '"file_path": "',
    ),
  ) as unknown,
  group: spec.groupName,
  owners: spec.owners,
  description: spec.description ?? null,
  code_version: spec.codeVersion ?? null,
  skippable: spec.skippable,
  partitions: spec.partitionsDef ?? null,
  automation: spec.automationCondition?.label ?? null,
  freshness: spec.freshnessPolicy ?? null,
});

async function load(root: string): Promise<object> {
  const { definitions } = await loadLocation(
    { projectRoot: root },
    { env: {}, log: { info: () => undefined, warn: () => undefined } },
  );
  const shapes = definitions.assets.flatMap((one) =>
    one.kind === "external"
      ? [[AssetKey.toUserString(one.spec.key), shape(one.spec)]]
      : one.specs.map((spec) => [AssetKey.toUserString(spec.key), shape(spec, one.codeReferences)]),
  );
  return Object.fromEntries(shapes);
}

/** Loads every case and gives what came out, for the peer to compare with what it makes of the same files. */
export async function loadDefsYamlCases(folder: string): Promise<readonly object[]> {
  const results: object[] = [];
  const cases = defsYamlCases.filter(({ since113 = false }) => !(since113 && isBefore113));
  for (const [index, given] of cases.entries()) {
    const { file = "", names = "[a, p/b]", folder: outer, vars } = given;
    const root = join(folder, `project-${index}`);
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    const component = `attributes: {names: ${names}}\n${file}`;
    const around =
      outer === undefined && vars !== "folder"
        ? undefined
        : `type: dagster.DefsFolderComponent\n${outer ?? ""}`;
    write(
      "package.json",
      JSON.stringify({ dagster: { defs: "./defs", components: { parts: "./parts.ts" } } }),
    );
    write("parts.ts", PARTS);
    write("defs/chain/defs.yaml", `type: parts.Chain\n${component}`);
    if (around !== undefined) write("defs/defs.yaml", around);
    if (vars !== undefined) write(vars === "folder" ? "defs/vars.ts" : "defs/chain/vars.ts", MODULES[vars]);
    const input = { title: given.title, component, folder: around ?? null, vars: vars ?? null };
    try {
      results.push({ ...input, assets: await load(root) });
    } catch (error) {
      results.push({ ...input, assets: null, error: error instanceof Error ? error.message : String(error) });
    }
    rmSync(root, { recursive: true });
  }
  return results;
}
