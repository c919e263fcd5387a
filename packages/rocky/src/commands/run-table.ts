import { renderForPeople } from "../output/people.ts";
import { viewOfRun } from "../output/run-view.ts";
import type { CommandOutcome } from "./command.ts";

/** A run's outcome with the table that people see in place of its JSON. */
export const withRunTable = <O extends CommandOutcome>(outcome: O): O => ({
  ...outcome,
  table: () => renderForPeople(viewOfRun(outcome.payload), "table"),
});
