/** The definitions of `shapes/*.py`, under the same names, with this package's API. */
import type { Definitions } from "../../../packages/dagster/src/index.ts";
import { basic, interleaved } from "./assets.ts";
import { automation } from "./automation.ts";
import { config, resources } from "./config.ts";
import { shapes } from "./kinds.ts";
import { mappings } from "./mappings.ts";

export const sets: Readonly<Record<string, () => Definitions>> = {
  basic,
  shapes,
  interleaved,
  automation,
  config,
  mappings,
  resources,
};
