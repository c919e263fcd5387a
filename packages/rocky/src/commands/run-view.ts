import { viewOfRun } from "../output/run-view.ts";
import type { CommandOutcome } from "./command.ts";

/** A run's outcome with what people see in place of its JSON. */
export const withRunView = <O extends CommandOutcome>(outcome: O): O => ({
  ...outcome,
  view: () => viewOfRun(outcome.payload),
});
