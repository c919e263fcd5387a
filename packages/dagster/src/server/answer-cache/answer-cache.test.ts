import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LoadInputs } from "../../components/load-inputs.ts";
import type { CodeLocation, LocationRequest } from "../code-location.ts";
import { wholeAnswer } from "../whole-answer.ts";
import { createAnswerCache } from "./answer-cache.ts";
import type { Verdict } from "./cached-location.ts";
import { inputsUnchanged, lookAtInputs, printInputs } from "./input-prints.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "answers-"));
  writeFileSync(join(root, "state"), "1");
});
afterEach(() => rmSync(root, { recursive: true }));

const inputs = (): LoadInputs => ({
  files: [join(root, "state"), join(root, "dg.toml")],
  folders: [root],
  env: { TOKEN: "secret", UNSET: null },
  isComplete: true,
});
const printed = async () => {
  const prints = await printInputs(lookAtInputs(inputs()));
  if (prints === undefined) throw new Error("a file changed under the test");
  return prints;
};
const env = { TOKEN: "secret" };
const repository: LocationRequest = { kind: "repository", deferSnapshots: true };
const list: LocationRequest = { kind: "listRepositories" };

const locationWith = (text: string): CodeLocation => ({
  summary: { name: "x", stateFiles: [], inputs: lookAtInputs(inputs()) },
  ask: async (request, spool) => {
    const pieces = [Buffer.from(`${request.kind} `), Buffer.from(text)];
    if (spool?.file === undefined) return { isError: false, chunks: pieces };
    for (const piece of pieces) spool.grew(writeSync(spool.file, piece));
    spool.finish();
    return { isError: false, chunks: spool.chunks };
  },
  close: async () => undefined,
});

const cache = (program = "p") =>
  createAnswerCache({ folder: () => join(root, ".kept"), program: () => program, env });

const fill = async (): Promise<void> => {
  const location = cache().keep(locationWith("first"));
  await location.ask(list);
  await location.ask(repository);
  await location.close();
};

const text = async (
  location: CodeLocation | undefined,
  request: LocationRequest,
): Promise<string | undefined> =>
  location && Buffer.from((await wholeAnswer(request, await location.ask(request))).text).toString();

const never = (): Promise<CodeLocation> => Promise.reject(new Error("nothing should be loaded"));

describe("answer cache", () => {
  it("answers a later start without loading", async () => {
    await fill();
    const found = await cache().find(never, () => undefined);
    expect(await text(found, list)).toBe("listRepositories first");
    expect(await text(found, repository)).toBe("repository first");
    await found?.close();
  });

  it.each([
    ["the state", () => writeFileSync(join(root, "state"), "2")],
    ["a configuration file that appears", () => writeFileSync(join(root, "dg.toml"), "")],
    ["a folder that may hold components", () => mkdirSync(join(root, "more"))],
  ])("loads again after a change of %s", async (_what, change) => {
    await fill();
    change();
    expect(await cache().find(never, () => undefined)).toBeUndefined();
  });

  it("loads again for another program or environment, and keeps no value of a variable", async () => {
    await fill();
    expect(await cache("other").find(never, () => undefined)).toBeUndefined();
    const prints = await printed();
    expect(await inputsUnchanged(prints, env)).toBe(true);
    expect(await inputsUnchanged(prints, { TOKEN: "other" })).toBe(false);
    expect(await inputsUnchanged(prints, { ...env, UNSET: "" })).toBe(false);
    expect(JSON.stringify(prints)).not.toContain("secret");
  });

  it("recognises a copied project by content", async () => {
    const prints = await printed();
    rmSync(join(root, "state"));
    writeFileSync(join(root, "state"), "1");
    expect(await inputsUnchanged(prints, env)).toBe(true);
  });

  it.each([
    ["first", "same"],
    ["second", "different"],
  ] as const)("compares with the real load: %s is %s", async (now, kind) => {
    await fill();
    const verdict = new Promise<Verdict>((resolve) => {
      void cache()
        .find(async () => locationWith(now), resolve)
        .then((found) => found?.ask({ kind: "plan", args: "" }));
    });
    expect((await verdict).kind).toBe(kind);
  });

  it("tells a load that fails", async () => {
    await fill();
    const verdict = new Promise<Verdict>((resolve) => {
      cache()
        .find(() => Promise.reject(new Error("broken")), resolve)
        .then((found) => found?.ask({ kind: "plan", args: "" }))
        .catch(() => undefined);
    });
    expect(await verdict).toMatchObject({ kind: "failed", error: { message: "broken" } });
  });

  it("keeps nothing when a file changes before it was read", async () => {
    const location = cache().keep(locationWith("first"));
    writeFileSync(join(root, "state"), "22");
    await location.ask(repository);
    await location.close();
    expect(await cache().find(never, () => undefined)).toBeUndefined();
  });

  it("leaves one generation on disk", async () => {
    await fill();
    await fill();
    expect(readdirSync(join(root, ".kept"))).toHaveLength(3);
  });
});
