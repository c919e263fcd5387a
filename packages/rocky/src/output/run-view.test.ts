import { describe, expect, it } from "vitest";
import { renderForPeople } from "./people.ts";
import { viewOfRun } from "./run-view.ts";

describe("a run for people", () => {
  it("shows what was built, what failed and why", () => {
    const text = renderForPeople(
      viewOfRun({
        version: "1",
        command: "run",
        status: "PartialFailure",
        duration_ms: 1234,
        tables_failed: 1,
        materializations: [
          {
            asset_key: ["x", "main", "a"],
            rows_copied: 3,
            duration_ms: 10,
            started_at: "2026-01-01T00:00:00Z",
            metadata: { strategy: "full_refresh", target_table_full_name: "x.main.a" },
          },
        ],
        check_results: [
          {
            asset_key: ["x", "main", "a"],
            checks: [
              { name: "row_count", passed: true, severity: "error" },
              { name: "freshness", passed: false, severity: "warning", lag_seconds: 9 },
            ],
          },
        ],
        drift: { tables_checked: 1, tables_drifted: 0, actions_taken: [] },
        errors: [{ asset_key: ["x", "main", "b"], error: "no such table", failure_kind: "unknown" }],
        interrupted: false,
      }),
      "table",
    );
    expect(text).toContain("status: PartialFailure");
    expect(text).toContain("summary: 1 built, 1 failed in 1.23 s");
    expect(text).toContain("checks: 1 of 2 checks passed");
    expect(text).toMatch(/x\.main\.a +full_refresh +3 +0\.01 s/);
    expect(text).toMatch(/x\.main\.a +freshness +false +warning +9/);
    expect(text).toMatch(/x\.main\.b +no such table/);
    expect(text).not.toContain("target_table_full_name");
  });

  it("leaves other payloads as they are", () => {
    const load = { command: "load", files_loaded: 2 };
    expect(viewOfRun(load)).toBe(load);
  });
});
