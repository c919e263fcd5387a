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

/** Shows one external asset per table that a catalog file names; the catalog is read at a refresh only. */
const inventory = (catalog: string): StateBackedComponent => ({
  defsStateConfig: { key: `Inventory[${catalog}]`, managementType: "LOCAL_FILESYSTEM", refreshIfDev: true },
  async writeStateToPath(path: string, context: ComponentLoadContext) {
    await writeFileDurably(path, JSON.stringify(await tables(join(context.projectRoot, catalog))));
  },
  async buildDefsFromState(_context: ComponentLoadContext, statePath: string | undefined) {
    const names = statePath === undefined ? [] : await tables(statePath);
    return Definitions.create({
      assets: names.map((name) => externalAsset({ key: `stock/${name}`, group: "stock" })),
    });
  },
});

export const Inventory: ComponentType = {
  typeName: "my_components.Inventory",
  attributesSchema: {
    type: "object",
    properties: { catalog: { type: "string" } },
    required: ["catalog"],
    additionalProperties: false,
  },
  create: (attributes, scope) => inventory((scope.resolve(attributes) as { catalog: string }).catalog),
};
