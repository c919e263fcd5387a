import { expect, it } from "vitest";
import { openStateStore } from "./open-store.ts";

const instanceWith = (className: string, config: string): string =>
  JSON.stringify({
    __class__: "InstanceRef",
    defs_state_storage_data: {
      __class__: "ConfigurableClassData",
      module_name: "company.storage",
      class_name: className,
      config_yaml: config,
    },
  });

it.each([
  [
    "BlobStorage",
    "{}",
    /BlobStorage of company\.storage is not supported; supported is UPathDefsStateStorage/,
  ],
  ["UPathDefsStateStorage", "base_path: s3://bucket/x", /UPathDefsStateStorage at s3: is not supported/],
  ["UPathDefsStateStorage", "base_path: memory:/x", /UPathDefsStateStorage at memory: is not supported/],
  ["UPathDefsStateStorage", "{}", /has no base_path/],
])("refuses %s with %s at the first use", async (className, config, message) => {
  const store = openStateStore(instanceWith(className, config), {});
  await expect(store?.upload("k", "/nowhere")).rejects.toThrow(message);
});
