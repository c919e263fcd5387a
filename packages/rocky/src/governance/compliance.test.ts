import { describe, expect, it } from "vitest";
import { loadModels } from "../models/index.ts";
import { memoryFiles } from "../ports.ts";
import { checkCompliance } from "./compliance.ts";

const { models } = loadModels(
  memoryFiles({
    "models/people.sql": "select 1",
    "models/people.toml":
      '[target]\ncatalog = "c"\nschema = "s"\n[classification]\nphone = "secret"\nemail = "personal"\nnote = "reviewed"\nborn = "unlisted"\n',
  }),
  {},
  "models",
);

const check = (options: { environment?: string; exceptionsOnly?: boolean } = {}) =>
  checkCompliance({
    models,
    mask: { strategies: { personal: "hash", secret: "none" }, environments: { prod: { secret: "redact" } } },
    allowUnmasked: ["reviewed"],
    exceptionsOnly: false,
    ...options,
  });

describe("checkCompliance", () => {
  it("counts triples of model, column and environment", () => {
    expect(check().summary).toEqual({ total_classified: 8, total_masked: 4, total_exceptions: 2 });
  });

  it("lets an environment override a tag and counts none as a decision", () => {
    const phone = check().per_column.find((column) => column.column === "phone");
    expect(phone?.envs).toEqual([
      { env: "default", masking_strategy: "none", enforced: true },
      { env: "prod", masking_strategy: "redact", enforced: true },
    ]);
  });

  it("suppresses the exception of an allowed tag without calling it enforced", () => {
    const { per_column, exceptions } = check({ environment: "prod" });
    expect(exceptions.map(({ column }) => column)).toEqual(["born"]);
    expect(per_column.find(({ column }) => column === "note")?.envs).toEqual([
      { env: "prod", masking_strategy: "unresolved", enforced: false },
    ]);
  });

  it("filters columns, not counts, when only exceptions are asked for", () => {
    const result = check({ exceptionsOnly: true });
    expect(result.per_column.map(({ column }) => column)).toEqual(["born"]);
    expect(result.summary.total_classified).toBe(8);
  });
});
