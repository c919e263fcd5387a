import { log } from "../server/log.ts";
import type { RunningServer } from "../server/server.ts";

/** Serves until the server ends by itself or a signal asks for it. The second signal does not wait any more. */
export const runUntilStopped = async (server: RunningServer): Promise<number> => {
  let signals = 0;
  const onSignal = (name: NodeJS.Signals): void => {
    signals += 1;
    if (signals > 1) process.exit(1);
    log("info", `received ${name}; ending active runs and stopping`);
    void server.stop();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  await server.closed;
  process.off("SIGINT", onSignal);
  process.off("SIGTERM", onSignal);
  return 0;
};
