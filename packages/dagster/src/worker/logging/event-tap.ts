import type { EventRow } from "../../instance/storage.ts";

/** Hands the events of a run to its loggers, which are known only after the first of them. */
export interface EventTap {
  see(event: EventRow): void;
  /** Hands over what was seen so far and all that follows; `undefined` when no logger is for events. */
  listen(listener: ((event: EventRow) => void) | undefined): void;
}

export function createEventTap(): EventTap {
  let kept: EventRow[] | undefined = [];
  let listener: ((event: EventRow) => void) | undefined;
  return {
    see: (event) => {
      if (kept !== undefined) kept.push(event);
      else listener?.(event);
    },
    listen: (next) => {
      listener = next;
      const early = kept ?? [];
      kept = undefined;
      for (const event of early) listener?.(event);
    },
  };
}
