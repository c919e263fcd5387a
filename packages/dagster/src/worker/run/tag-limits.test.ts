import { expect, test } from "vitest";
import { AssetEvent } from "../../definitions/events.ts";
import { AssetKey } from "../../definitions/keys.ts";
import type { JsonObject } from "../../definitions/metadata.ts";
import { materialize } from "../../testing/index.ts";
import { definitions, op, spec } from "../fixture.ts";

/** Runs four ops that overlap where they may; gives how many of each database ran side by side at most. */
async function mostSideBySide(limit: JsonObject): Promise<Readonly<Record<string, number>>> {
  const running: Record<string, number> = {};
  const most: Record<string, number> = {};
  const ops = ["a1", "a2", "b1", "b2"].map((name) => {
    const db = name.slice(0, 1);
    return op(
      [spec(name)],
      async function* () {
        running[db] = (running[db] ?? 0) + 1;
        most[db] = Math.max(most[db] ?? 0, running[db]);
        // Long enough for the others to start beside it when nothing holds them back.
        for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
        running[db] -= 1;
        yield AssetEvent.materialize({ assetKey: AssetKey.from(name) });
      },
      { opTags: { db } },
    );
  });
  const multiprocess = { max_concurrent: 4, tag_concurrency_limits: [limit] };
  const result = await materialize(definitions(ops), {
    runConfig: { execution: { config: { multiprocess } } },
  });
  expect(result.success).toBe(true);
  return most;
}

test("a limit on one value holds back its steps alone", async () => {
  expect(await mostSideBySide({ key: "db", value: "a", limit: 1 })).toEqual({ a: 1, b: 2 });
});

test("a limit may count each value on its own", async () => {
  const value = { applyLimitPerUniqueValue: true };
  expect(await mostSideBySide({ key: "db", value, limit: 1 })).toEqual({ a: 1, b: 1 });
});
