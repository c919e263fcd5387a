import { readFile } from "node:fs/promises";
import {
  asset,
  type ComponentLoadContext,
  type ComponentType,
  Definitions,
  type StateBackedComponent,
  writeFileDurably,
} from "@dagster-rocky/dagster";

interface Attributes {
  readonly name: string;
  readonly note?: string;
}

/** Its state is a number that grows at each refresh; it is shown on the asset. */
const counted = ({ name, note = "" }: Attributes): StateBackedComponent => ({
  defsStateConfig: {
    key: `Counted[${name}]`,
    managementType: "VERSIONED_STATE_STORAGE",
    refreshIfDev: false,
  },
  async writeStateToPath(path: string, _context: ComponentLoadContext) {
    await writeFileDurably(path, JSON.stringify({ name, at: Date.now() }));
    return undefined;
  },
  async buildDefsFromState(_context: ComponentLoadContext, statePath: string | undefined) {
    const state = statePath === undefined ? "{}" : await readFile(statePath, "utf8");
    return Definitions.create({
      assets: [asset({ key: `counted/${name}`, metadata: { state, note } }, () => {})],
    });
  },
});

export const Counted: ComponentType = {
  typeName: "parts.Counted",
  attributesSchema: {
    type: "object",
    properties: { name: { type: "string" }, note: { type: "string" } },
    required: ["name"],
    additionalProperties: false,
  },
  templateVars: { kind_of_thing: "thing" },
  create: (attributes, scope) => counted(scope.resolve(attributes) as Attributes),
};
