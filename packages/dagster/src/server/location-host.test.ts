import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type CodeLocation, LocationLoadError, type LocationParameters } from "./code-location.ts";
import { LocationHost } from "./location-host.ts";
import { wholeAnswer } from "./whole-answer.ts";

const parameters: LocationParameters = {
  projectRoot: "/nowhere",
  identity: { entryPoint: ["x"], executablePath: "x" },
};

/** A location that answers with its number; `slow` loads take a while. */
const stage = () => {
  const closed: number[] = [];
  let loads = 0;
  let fail = false;
  const open = async (given: LocationParameters): Promise<CodeLocation> => {
    const number = ++loads;
    await sleep(10);
    if (fail) throw new LocationLoadError("broken", '{"text": "payload"}');
    const pinned = given.pinned === undefined ? "" : ` pinned ${Object.keys(given.pinned).join()}`;
    return {
      summary: { name: "x", stateFiles: [] },
      ask: async () => ({ isError: false, chunks: [Buffer.from(`${number}${pinned}`)] }),
      close: async () => void closed.push(number),
    };
  };
  const host = new LocationHost({ parameters, open, log: () => undefined });
  const ask = async (): Promise<string> => {
    const request = { kind: "repository", deferSnapshots: true } as const;
    return Buffer.from((await wholeAnswer(request, await host.ask(request))).text).toString();
  };
  const setFailing = (value: boolean): void => {
    fail = value;
  };
  return { host, ask, closed, loads: () => loads, setFailing };
};

describe("LocationHost", () => {
  it("answers requests that came before the load had ended", async () => {
    const { host, ask } = stage();
    expect(await ask()).toBe("1");
    await host.close();
  });

  it("keeps answering from the old definitions while it reloads, then swaps", async () => {
    const { host, ask, closed } = stage();
    await host.settled;
    const before = host.serverId;
    const reloading = host.reload();
    expect(await ask()).toBe("1");
    await reloading;
    expect(await ask()).toBe("2");
    expect(host.serverId).not.toBe(before);
    await host.close();
    expect(closed).toEqual([1, 2]);
  });

  it("lets callers that wait share one reload", async () => {
    const { host, loads } = stage();
    await Promise.all([host.reload(), host.reload(), host.reload()]);
    expect(loads()).toBe(2);
    await host.close();
  });

  it("shows a failed reload with its own payload and recovers", async () => {
    const { host, ask, setFailing } = stage();
    await host.settled;
    setFailing(true);
    const before = host.serverId;
    await host.reload();
    expect(await ask()).toContain('"error": {"text": "payload"}');
    expect(host.serverId).not.toBe(before);
    setFailing(false);
    await host.reload();
    expect(await ask()).toBe("3");
    await host.close();
  });

  it("reloads with state versions once", async () => {
    const { host, ask, loads } = stage();
    const info = { key: { version: "v1", createTimestamp: 1 } };
    const id = await host.reloadWithState(info);
    expect(await ask()).toBe("2 pinned key");
    expect(await host.reloadWithState({ key: { version: "v1", createTimestamp: 2 } })).toBe(id);
    expect(loads()).toBe(2);
    await host.close();
  });
});
