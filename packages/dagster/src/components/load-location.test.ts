import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AssetKey } from "../definitions/keys.ts";
import { loadLocation } from "./load-location.ts";
import type { LoadedLocation, LoadOptions } from "./loaded-location.ts";
import { refreshLocation } from "./refresh-location.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "project-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

/** A component type without imports, so that it needs no installed packages. */
const MODULE = `
const spec = (name) => ({ key: { path: [name] }, deps: [], metadata: {}, groupName: "default", tags: {}, kinds: [],
  owners: [], skippable: false });
const definitions = (names) => ({ assets: names.map((name) => ({ kind: "external", spec: spec(name) })), assetChecks: [],
  jobs: [], schedules: [], sensors: [], resources: {}, metadata: {} });
const schema = { type: "object", additionalProperties: false, properties: { names: { type: "array", items: { type: "string" } },
  key: { type: "string" }, management_type: { enum: ["LOCAL_FILESYSTEM", "LEGACY_CODE_SERVER_SNAPSHOTS"] } } };
export const Plain = { typeName: "my_components.Plain", attributesSchema: schema,
  create: (attributes, scope) => ({ buildDefs: async () => definitions(scope.resolve(attributes).names ?? []) }) };
export const Stateful = { typeName: "my_components.Stateful", attributesSchema: schema,
  create: (attributes) => ({
    defsStateConfig: { key: attributes.key ?? "Stateful[x]", managementType: attributes.management_type ?? "LOCAL_FILESYSTEM", refreshIfDev: true },
    writeStateToPath: async (path) => {
      (await import("node:fs")).writeFileSync(path, JSON.stringify(attributes.names));
      return undefined;
    },
    buildDefsFromState: async (_context, path) =>
      definitions(path === undefined ? [] : JSON.parse((await import("node:fs")).readFileSync(path, "utf8"))) }) };
export const Failing = { typeName: "my_components.Failing", attributesSchema: {},
  create: () => { throw Object.assign(new Error("must be even"), { attributePath: ["names", 1] }); } };
`;

const options = (extra: Partial<LoadOptions> = {}): LoadOptions => ({
  env: { TABLE: "orders" },
  log: { info: () => undefined, warn: () => undefined },
  ...extra,
});
const load = (extra?: Partial<LoadOptions>): Promise<LoadedLocation> =>
  loadLocation({ projectRoot: root }, options(extra));
const keys = (location: LoadedLocation): readonly string[] =>
  location.definitions.assets.map((asset) =>
    AssetKey.toUserString(
      asset.kind === "external" ? asset.spec.key : (asset.specs[0]?.key ?? AssetKey.of()),
    ),
  );

describe("loadLocation", () => {
  it("gives a function the context, and its runs what it left for them", async () => {
    write("package.json", JSON.stringify({ dagster: { definitions: "./defs.mjs" } }));
    write(
      "defs.mjs",
      `${MODULE}
export const defs = async ({ isReconstruction, reconstruction, env, projectRoot }) => {
  const found = isReconstruction ? reconstruction.found : env.TABLE + "@" + projectRoot.length;
  return { ...definitions([found]), metadata: { found: { kind: "codeLocationReconstruction", data: found } } };
};
`,
    );
    const first = await load();
    expect(keys(first)).toEqual([`orders@${root.length}`]);
    expect(first.reconstruction.metadata).toEqual({ found: `orders@${root.length}` });
    const again = await load({ env: { TABLE: "other" }, reconstruction: first.reconstruction });
    expect(keys(again)).toEqual(keys(first));
  });

  it("loads several documents of a bare folder and resolves templates", async () => {
    write("my_components.mjs", MODULE);
    write(
      "defs.yaml",
      'type: my_components.Plain\nattributes:\n  names: ["{{ env.TABLE }}"]\n---\ntype: my_components.Plain\nattributes:\n  names: [b]\n',
    );
    const location = await load();
    expect(keys(location)).toEqual(["orders", "b"]);
    expect(location.components.map(({ key, typeName }) => `${key} ${typeName}`)).toEqual([
      ".[0] my_components.Plain",
      ".[1] my_components.Plain",
    ]);
    expect(location.stateInfo).toBeUndefined();
  });

  it("shows on assets where their component is written, after references of their own", async () => {
    write(
      "my_components.mjs",
      `${MODULE}
const own = { kind: "codeReferences", references: [{ kind: "url", url: "https://example.com/b.sql" }] };
export const Referring = { typeName: "my_components.Referring", attributesSchema: schema, create: () => ({ buildDefs: async () => {
  const { assets: [asset], ...rest } = definitions(["b"]);
  return { ...rest, assets: [{ ...asset, spec: { ...asset.spec, metadata: { "dagster/code_references": own } } }] };
} }) };
`,
    );
    write(
      "defs.yaml",
      "# first\ntype: my_components.Plain\nattributes:\n  names: [a]\n---\n\ntype: my_components.Referring\nattributes: {}\n",
    );
    const here = (lineNumber: number) => ({ kind: "local", filePath: join(root, "defs.yaml"), lineNumber });
    const { definitions } = await load();
    expect(definitions.assets.map((asset) => asset.kind === "external" && asset.spec.metadata)).toEqual([
      { "dagster/code_references": { kind: "codeReferences", references: [here(2)] } },
      {
        "dagster/code_references": {
          kind: "codeReferences",
          references: [{ kind: "url", url: "https://example.com/b.sql" }, here(7)],
        },
      },
    ]);
  });

  it("finds components below the defs folder of a dg project, not below a component", async () => {
    write("dg.toml", '[project]\nroot_module = "shop"\n');
    write("my_components.mjs", MODULE);
    write("src/shop/defs/b/defs.yaml", "type: my_components.Plain\nattributes: {names: [b]}\n");
    write("src/shop/defs/a/deep/defs.yml", "type: my_components.Plain\nattributes: {names: [a]}\n");
    write("src/shop/defs/b/inner/defs.yaml", "type: my_components.Plain\nattributes: {names: [no]}\n");
    write("src/shop/defs/.hidden/defs.yaml", "type: nothing\n");
    const location = await load();
    expect(location.components.map(({ key }) => key)).toEqual(["a/deep[0]", "b[0]"]);
    expect(keys(location)).toEqual(["a", "b"]);
  });

  it("runs the TypeScript of a package's own modules", async () => {
    write(
      "package.json",
      JSON.stringify({ dagster: { defs: "d", components: { my_components: "./lib/parts.ts" } } }),
    );
    write(
      "lib/parts.ts",
      `enum Kind { A = "a" }\nconst kind: Kind = Kind.A;\nvoid kind;\n${MODULE.replace("(name)", "(name: string)")}`,
    );
    write("d/defs.yaml", "type: my_components.Plain\nattributes: {names: [typed]}\n");
    expect(keys(await load())).toEqual(["typed"]);
  });

  it.each([
    ["type: my_components.Plan\n", /^defs\.yaml:1:7: .*exports no "Plan"; did you mean "Plain"\?/],
    ["typ: x\n", /^defs\.yaml:1:1: unknown key "typ"; did you mean "type"\?/],
    [
      "type: my_components.Plain\nattributes:\n  nams: [a]\n",
      /^defs\.yaml:3:3: unknown attribute "nams"; did you mean "names"\?/,
    ],
    [
      "type: my_components.Plain\nattributes:\n  names: [a, 2]\n",
      /^defs\.yaml:3:14: names\.1 must be string, got integer/,
    ],
    ["type: my_components.Failing\nattributes:\n  names: [a, b]\n", /^defs\.yaml:3:14: must be even/],
    ["type: other.Thing\n", /^defs\.yaml:1:7: unknown component type "other\.Thing"/],
    [
      "type: my_components.Plain\nattributes:\n  names: ['{{ nope }}']\n",
      /^defs\.yaml:3:11: .*"nope" is not in scope/,
    ],
    [
      "type: my_components.Plain\nrequirements: {env: A}\n",
      /^defs\.yaml:2:21: env must be array or null, got string/,
    ],
    [
      "type: my_components.Plain\nrequirements: {envs: [A]}\n",
      /^defs\.yaml:2:16: unknown attribute "envs"; did you mean "env"\?/,
    ],
    [
      "type: my_components.Plain\ntemplate_vars_module: .x\n",
      /^defs\.yaml:2:23: there is no module "\.x" beside this file/,
    ],
    [
      "type: my_components.Plain\ntemplate_vars_module: ../../x\n",
      /^defs\.yaml:2:23: "template_vars_module" must name a module/,
    ],
    [
      "type: my_components.Plain\npost_processing:\n  assets:\n    - attributes: {grup: x}\n",
      /^defs\.yaml:4:20: unknown attribute "grup" in assets\.0\.attributes/,
    ],
    [
      "type: my_components.Plain\npost_processing:\n  assets:\n    - target: 'key:'\n      attributes: {}\n",
      /^defs\.yaml:4:15: asset selection `key:`: a value is missing at the end/,
    ],
    [
      "type: my_components.Plain\nattributes: {names: [a]}\npost_processing:\n  assets:\n    - attributes: {owners: [me]}\n",
      /^defs\.yaml:5:28: asset `a`: owner `me` must be an e-mail address/,
    ],
  ])("explains %j", async (text, message) => {
    write("my_components.mjs", MODULE);
    write("defs.yaml", text);
    await expect(load()).rejects.toThrow(message);
  });

  it("explains a folder that is no project", async () => {
    await expect(load()).rejects.toThrow(/is not a project: it has no defs\.yaml/);
    write("dg.toml", "[project\n");
    await expect(load()).rejects.toThrow(/dg\.toml:1:/);
    write("dg.toml", '[project]\nroot_module = "gone"\n');
    await expect(load()).rejects.toThrow(/the defs folder is .*gone.defs, which does not exist/);
  });
});

describe("state of components", () => {
  const stateful = (attributes: string): void => {
    write("my_components.mjs", MODULE);
    write("defs.yaml", `type: my_components.Stateful\nattributes: ${attributes}\n`);
  };
  const stateFile = (): string => join(root, ".local_defs_state/Stateful__x__/state");

  it("loads nothing before and the state after a refresh", async () => {
    stateful("{names: [a]}");
    const before = await load();
    expect(keys(before)).toEqual([]);
    expect(before.stateInfo).toEqual({ "Stateful[x]": null });
    const info = await refreshLocation({ projectRoot: root }, options());
    expect(info["Stateful[x]"]?.version).toBe("__local__");
    const after = await load();
    expect(keys(after)).toEqual(["a"]);
    expect(after.stateInfo?.["Stateful[x]"]?.version).toBe("__local__");
    expect(readFileSync(join(root, ".local_defs_state/.gitignore"), "utf8")).toBe("*\n*/\n.*");
  });

  it("gives a run the state that its snapshot was made from", async () => {
    stateful("{names: [old]}");
    await refreshLocation({ projectRoot: root }, options());
    const { reconstruction } = await load();
    rmSync(stateFile());
    writeFileSync(stateFile(), '["new"]');
    expect(keys(await load())).toEqual(["new"]);
    expect(keys(await load({ reconstruction }))).toEqual(["old"]);
  });

  it("refreshes on load under dagster dev, except in run workers", async () => {
    stateful("{names: [dev]}");
    const env = { DAGSTER_IS_DEV_CLI: "1" };
    expect(keys(await load({ env, reconstruction: { metadata: {} } }))).toEqual([]);
    expect(keys(await load({ env }))).toEqual(["dev"]);
  });

  it("keeps code-server state in memory and hands it to runs", async () => {
    stateful("{names: [m], management_type: LEGACY_CODE_SERVER_SNAPSHOTS}");
    const { reconstruction, stateInfo } = await load();
    expect(stateInfo?.["Stateful[x]"]?.version).toBe("__code_server__");
    expect(reconstruction.metadata).toEqual({ "defs-state-[Stateful[x]]": '["m"]' });
    expect(keys(await load({ reconstruction }))).toEqual(["m"]);
  });

  it("names file, key and state file when the state cannot be read", async () => {
    stateful("{names: [a]}");
    mkdirSync(dirname(stateFile()), { recursive: true });
    writeFileSync(stateFile(), "[broken");
    await expect(load()).rejects.toThrow(
      /^defs\.yaml:1:1: my_components\.Stateful \(defs state Stateful\[x\] in .*\.local_defs_state.Stateful__x__.state\): /,
    );
  });

  it("refuses unknown and colliding keys", async () => {
    stateful("{names: [a]}");
    await expect(refreshLocation({ projectRoot: root }, options(), ["Stateful[y]"])).rejects.toThrow(
      /keys Stateful\[y\]; did you mean "Stateful\[x\]"\?; available: Stateful\[x\]/,
    );
    write(
      "defs.yaml",
      "type: my_components.Stateful\nattributes: {key: 'a[b]'}\n---\ntype: my_components.Stateful\nattributes: {key: 'a(b)'}\n",
    );
    await expect(load()).rejects.toThrow(/same folder/);
  });
});
