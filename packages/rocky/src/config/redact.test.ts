import { describe, expect, it } from "vitest";
import { memoryFiles } from "../ports.ts";
import { loadConfig } from "./load.ts";
import { createRedactor } from "./redact.ts";

const CONFIG = `[adapter.lake]
type = "databricks"
host = "\${LAKE_HOST}"
http_path = "/sql"
token = "\${LAKE_TOKEN}"

[adapter.sf]
type = "snowflake"
password = "plainly-written"

[mask]
secret = "redact"
`;

const load = () =>
  loadConfig(
    memoryFiles({ "rocky.toml": CONFIG }),
    { LAKE_HOST: "lake.example.org", LAKE_TOKEN: "tok-123456" },
    "rocky.toml",
  );

describe("redaction", () => {
  it("cuts secrets and shows other environment values as their variable", () => {
    const redactor = createRedactor(load().sensitive);
    expect(redactor.text("connect lake.example.org with tok-123456 / plainly-written failed")).toBe(
      `connect \${LAKE_HOST} with *** / *** failed`,
    );
  });

  it("keeps names usable in structured output", () => {
    const redactor = createRedactor(load().sensitive);
    expect(redactor.payload({ host: "lake.example.org", errors: ["bad tok-123456"], count: 3 })).toEqual({
      host: "lake.example.org",
      errors: ["bad ***"],
      count: 3,
    });
  });

  it("cuts passwords out of addresses, and the paths of webhooks", () => {
    const { sensitive } = loadConfig(
      memoryFiles({
        "rocky.toml": `[adapter.catalog]
type = "iceberg"
kind = "discovery"
host = "https://me:sesame-open@catalog.example"
[hook.webhooks.on_pipeline_error]
url = "https://hooks.example/services/T0/B1"
`,
      }),
      {},
      "rocky.toml",
    );
    const { text } = createRedactor(sensitive);
    expect(text("no answer of https://me:sesame-open@catalog.example")).toBe(
      "no answer of https://me:***@catalog.example",
    );
    expect(text("POST https://hooks.example/services/T0/B1 failed")).toBe(
      "POST https://hooks.example*** failed",
    );
  });

  it("does not take the words of [mask] for secrets", () => {
    expect(load().sensitive.secrets).not.toContain("redact");
  });

  it("prints secrets of the config as stars, whatever prints them", () => {
    const [lake] = load().adapters;
    expect(JSON.stringify(lake)).not.toContain("tok-123456");
    expect(String(lake?.token)).toBe("***");
    expect(lake?.token?.reveal()).toBe("tok-123456");
  });
});
