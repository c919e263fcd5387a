import { describe, expect, it } from "vitest";
import { readLoadData } from "./read-load-data.ts";

const data =
  '{"__class__": "RepositoryLoadData", "cached_data_by_key": {}, "code_location_name": null, ' +
  '"defs_state_info": {"__class__": "DefsStateInfo", "info_mapping": {"k": {"__class__": "DefsKeyStateInfo", ' +
  '"create_timestamp": 1.5, "version": "v"}, "none": null}}, "reconstruction_metadata": {"a": ' +
  '{"__class__": "CodeLocationReconstructionMetadataValue", "data": "text"}}}';
const plan = (inner: string): string =>
  `{"__class__": "ExecutionPlanSnapshot", "pipeline_snapshot_id": "x", "repository_load_data": ${inner}, "snapshot_version": 1, "step_keys_to_execute": []}`;

describe("readLoadData", () => {
  it("reads versions and metadata out of a plan", () => {
    expect(readLoadData(plan(data))).toEqual({
      stateInfo: { k: { version: "v", createTimestamp: 1.5 }, none: null },
      metadata: { a: "text" },
    });
  });

  it("reads a plan that a host wrote with other spacing", () => {
    const spaced = JSON.stringify(JSON.parse(plan(data)));
    expect(readLoadData(spaced).metadata).toEqual({ a: "text" });
  });

  it("takes a plan of another code server as having nothing to say", () => {
    expect(readLoadData(plan("null"))).toEqual({ metadata: {} });
  });
});
