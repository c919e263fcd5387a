/** Assets that fail in every way that user code can, and some that do not. */
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type AssetSpecInput, AssetEvent, AssetKey, asset, Definitions } from "@dagster-rocky/dagster";

const NUMBERS = [1, 2, 3, 4];

/** A chain of short steps, each of which says something while it works. */
const chain = NUMBERS.map((number) =>
  asset({ key: `link_${number}`, deps: number === 1 ? [] : [`link_${number - 1}`] }, async (context) => {
    context.log.info(`link ${number} begins`);
    await sleep(60);
    context.log.info(`link ${number} ends`);
  }),
);

/** Says something every moment, for a second or two. */
const steady = asset({ key: "steady" }, async function* () {
  const assetKey = AssetKey.of("steady");
  for (let number = 0; number < 100; number++) {
    yield AssetEvent.observe({ assetKey, metadata: { number } });
    await sleep(20);
  }
  yield AssetEvent.materialize({ assetKey });
});

/** Says something, and ends when there is a file of the name that the run's tag `gate` gives. */
const gated = asset({ key: "gated" }, async function* ({ runTags, signal }) {
  const assetKey = AssetKey.of("gated");
  for (let number = 0; number < 10; number++) yield AssetEvent.observe({ assetKey, metadata: { number } });
  while (!existsSync(runTags.gate ?? "")) await sleep(50, undefined, { signal });
  yield AssetEvent.materialize({ assetKey });
});

/** Goes on until it is told to stop. */
const endless = asset({ key: "endless" }, async ({ signal }) => {
  await sleep(600_000, undefined, { signal });
});

const circular: Record<string, unknown> = {};
circular.self = circular;

const unserialisable = (key: string, value: unknown) =>
  asset({ key }, () => ({ metadata: { value: value as string } }));

const later = (key: AssetSpecInput["key"], fail: () => void) =>
  asset({ key }, async ({ signal }) => {
    setTimeout(fail, 20);
    await sleep(60_000, undefined, { signal });
  });

export const defs = Definitions.create({
  assets: [
    ...chain,
    steady,
    gated,
    asset({ key: "fails_first", deps: ["link_1"] }, ({ runTags }) => {
      if (runTags["dagster/parent_run_id"] === undefined) throw new Error("the first run fails");
    }),
    endless,
    unserialisable("circular", { kind: "json", value: circular }),
    unserialisable("bare_circle", circular),
    unserialisable("function", () => 1),
    unserialisable("symbol", Symbol("x")),
    asset({ key: "strange" }, (() => ({ metadata: "no mapping" })) as never),
    asset({ key: "nonsense" }, async function* () {
      yield 42 as never;
    }),
    later("rejects", () => void Promise.reject(new Error("nobody waits for this"))),
    later("throws_later", () => {
      throw new Error("thrown past everyone");
    }),
    asset({ key: "eats_memory" }, () => {
      const eaten: string[][] = [];
      for (;;) eaten.push(new Array<string>(100_000).fill(String(eaten.length)));
    }),
    asset({ key: "loud" }, (context) => {
      for (let line = 0; line < 30_000; line++) context.log.info(`line ${line}`);
      const piece = `${"x".repeat(1023)}\n`.repeat(1024);
      for (let piece_ = 0; piece_ < 64; piece_++) process.stdout.write(piece);
    }),
  ],
});
