import { describe, expect, it } from "vitest";
import { renderForPeople } from "./people.ts";

const payload = {
  version: "1.0",
  command: "run",
  status: "Success",
  metrics: null,
  errors: [],
  materializations: [
    {
      asset_key: ["lake", "main", "orders"],
      duration_ms: 12,
      metadata: { strategy: "view", watermark: null },
    },
    { asset_key: ["lake", "main", "a|b"], duration_ms: 3 },
  ],
};

describe("renderForPeople", () => {
  it("shows plain values line by line and lists as tables, without what is empty", () => {
    expect(renderForPeople(payload, "table")).toBe(
      [
        "command: run",
        "status: Success",
        "",
        "MATERIALIZATIONS",
        "asset key         duration ms  metadata",
        "----------------  -----------  -------------",
        "lake.main.orders  12           strategy=view",
        "lake, main, a|b   3",
        "",
      ].join("\n"),
    );
  });

  it("writes markdown, with pipes escaped", () => {
    expect(renderForPeople(payload, "md")).toContain("| lake, main, a\\|b | 3 |  |");
  });
});
