import { DefinitionsError } from "../definitions/errors.ts";
import { type SensorReturn, sensorResult } from "../definitions/instigator-factories.ts";
import type { SensorResult } from "../definitions/instigators.ts";

/** What a function returned whose sensor keeps the cursor itself. */
export function withoutCursor(name: string, returned: SensorReturn): SensorResult {
  const result = sensorResult(returned);
  if (result.cursor === undefined) return result;
  throw new DefinitionsError(`sensor \`${name}\` returned a cursor, but a sensor of its type keeps its own`);
}
