import { stateInfoWire } from "../../state/state-info.ts";
import type { ReconstructionData } from "../../state/load-data.ts";
import { type WireObject, wire } from "../../wire/index.ts";

/** What the plan carries for the worker, in the class that Python's workers read the same from. */
export const repositoryLoadData = ({ stateInfo, metadata }: ReconstructionData): WireObject =>
  wire("RepositoryLoadData", {
    cached_data_by_key: {},
    reconstruction_metadata: Object.fromEntries(
      Object.entries(metadata).map(([key, data]) => [
        key,
        wire("CodeLocationReconstructionMetadataValue", { data }),
      ]),
    ),
    defs_state_info: stateInfo === undefined ? null : stateInfoWire(stateInfo),
    code_location_name: null,
  });
