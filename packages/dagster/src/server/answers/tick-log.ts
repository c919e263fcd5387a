import type { StepLogger } from "../../definitions/execution-context.ts";
import type { Instance } from "../../instance/open-instance.ts";
import { type Json, readItems, readText, type WireValue, writeWire, float } from "../../wire/index.ts";
import { LEVELS } from "../../worker/logging/levels.ts";
import { log } from "../log.ts";

/** What a schedule or sensor says during one tick. */
export interface TickLog {
  readonly log: StepLogger;
  /** Writes it where the host looks for the tick's log; gives the key of that place, or nothing when nothing was said. */
  capture(): Promise<readonly string[] | undefined>;
}

const LEVEL_OF = { debug: "debug", info: "info", warn: "warning", error: "error" } as const;

/** A log that goes to the server's own output and, at the end of the tick, to the instance. */
export function createTickLog(
  instigator: string,
  repository: string,
  logKey: Json | undefined,
  open: () => Promise<Instance>,
): TickLog {
  const key = (readItems(logKey ?? null) ?? []).map((part) => readText(part) ?? "");
  const lines: string[] = [];
  const say = (method: keyof typeof LEVEL_OF) => (message: string) => {
    const level = LEVEL_OF[method];
    log(level, `${instigator}: ${message}`);
    const record: WireValue = {
      created: float(Date.now() / 1000),
      dagster_meta: { name: instigator, orig_message: message, repository_name: repository },
      exc_info: null,
      levelname: level.toUpperCase(),
      levelno: LEVELS[level],
      message: `${repository} - ${instigator} - ${message}`,
      msg: `${repository} - ${instigator} - ${message}`,
      name: "dagster",
    };
    lines.push(`${writeWire(record)}\n`);
  };
  return {
    log: { debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") },
    capture: async () => {
      if (lines.length === 0 || key.length === 0) return undefined;
      try {
        const { computeLogs, notices } = await open();
        // Nobody keeps it: the key would lead to nothing.
        if (notices.length > 0) return undefined;
        const capture = computeLogs.open(key);
        for (const line of lines) capture.write("stderr", line);
        await capture.close();
        return key;
      } catch (error) {
        // A tick must not fail because its log could not be kept.
        log("warning", `the log of ${instigator}'s tick was not kept: ${String(error)}`);
        return undefined;
      }
    },
  };
}
