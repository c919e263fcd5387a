import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type ComponentLoadContext,
  type ComponentType,
  Definitions,
  externalAsset,
  type StateBackedComponent,
  writeFileDurably,
} from "@dagster-rocky/dagster";

const tables = async (path: string): Promise<readonly string[]> =>
  JSON.parse(await readFile(path, "utf8")) as string[];

interface Attributes {
  readonly catalog: string;
  readonly group?: string;
  readonly versioned?: boolean;
}

/** Shows one external asset per table that a catalog file names; the catalog is read at a refresh only. */
const inventory = ({ catalog, group = "stock", versioned = false }: Attributes): StateBackedComponent => ({
  defsStateConfig: {
    key: `Inventory[${catalog}]`,
    managementType: versioned ? "VERSIONED_STATE_STORAGE" : "LOCAL_FILESYSTEM",
    refreshIfDev: true,
  },
  async writeStateToPath(path: string, context: ComponentLoadContext) {
    await writeFileDurably(path, JSON.stringify(await tables(join(context.projectRoot, catalog))));
    return undefined;
  },
  async buildDefsFromState(_context: ComponentLoadContext, statePath: string | undefined) {
    const names = statePath === undefined ? [] : await tables(statePath);
    return Definitions.create({
      assets: names.map((name) => externalAsset({ key: `${group}/${name}`, group })),
    });
  },
});

export const Inventory: ComponentType = {
  typeName: "my_components.Inventory",
  attributesSchema: {
    type: "object",
    properties: { catalog: { type: "string" }, group: { type: "string" }, versioned: { type: "boolean" } },
    required: ["catalog"],
    additionalProperties: false,
  },
  create: (attributes, scope) => inventory(scope.resolve(attributes) as Attributes),
};
