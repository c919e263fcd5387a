import { expect, test } from "vitest";
import { memoryFiles } from "../ports.ts";
import { resolveStatePath } from "./state-path.ts";

const resolve = (files: Record<string, string>, request: { statePath?: string; namespace?: string } = {}) =>
  resolveStatePath({ ...request, kind: memoryFiles(files).kind });

test("the store lies with the models, or beside the config when there are none", () => {
  expect(resolve({})).toEqual({ path: ".rocky-state.redb" });
  expect(resolve({ "models/a.sql": "" })).toEqual({ path: "models/.rocky-state.redb" });
});

test("an old store in the working directory goes on being used, with a warning when there are two", () => {
  expect(resolve({ "models/a.sql": "", ".rocky-state.redb": "" })).toEqual({ path: ".rocky-state.redb" });
  const both = resolve({ "models/.rocky-state.redb": "", ".rocky-state.redb": "" });
  expect(both.path).toBe(".rocky-state.redb");
  expect(both.warning).toContain("models/.rocky-state.redb");
});

test("a namespace names its own file, an explicit path wins over it", () => {
  expect(resolve({}, { namespace: "orders" })).toEqual({ path: "models/.rocky-state/orders.redb" });
  expect(resolve({}, { namespace: "orders", statePath: "/x/y" })).toEqual({ path: "/x/y" });
  expect(() => resolve({}, { namespace: "../up" })).toThrow("not a valid state namespace");
});
