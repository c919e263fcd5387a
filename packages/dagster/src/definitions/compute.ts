import type { AssetCompute } from "./assets.ts";
import type { ConfigFields, OpConfig } from "./config.ts";
import { AssetEvent } from "./events.ts";
import type { AssetExecutionContext } from "./execution-context.ts";
import type { AssetKey } from "./keys.ts";
import type { MetadataInput } from "./metadata.ts";
import type { ResourceMap, ResourceValues } from "./resources.ts";

/** A context whose `resources` are those that the op asked for, and whose `opConfig` is what it declared. */
export type TypedContext<R extends ResourceMap, C extends ConfigFields = ConfigFields> = Omit<
  AssetExecutionContext,
  "resources" | "opConfig"
> & {
  readonly resources: ResourceValues<R>;
  readonly opConfig: OpConfig<C>;
};

/** What a function may say about the one asset that it made. */
export interface AssetOutcome {
  readonly metadata?: MetadataInput;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly dataVersion?: string;
  /** Verdicts of the checks that were declared with the asset. */
  readonly checks?: readonly CheckOutcome[];
}

/** A verdict; a bare boolean stands for `{ passed }`. */
export interface CheckVerdict {
  readonly passed: boolean;
  /** Weight when it failed. Default: ERROR. */
  readonly severity?: "WARN" | "ERROR";
  readonly description?: string;
  readonly metadata?: MetadataInput;
}

export interface CheckOutcome extends CheckVerdict {
  readonly name: string;
}

type Events = AssetEvent | Iterable<AssetEvent> | AsyncIterable<AssetEvent>;

/** Nothing (the asset was made, there is nothing to add), an outcome, or events. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is the common case
export type AssetReturn = void | AssetOutcome | Events;

const isAsync = (value: object): value is AsyncIterable<AssetEvent> => Symbol.asyncIterator in value;
const isIterable = (value: object): value is Iterable<AssetEvent> => Symbol.iterator in value;
const isEvent = (value: object): value is AssetEvent => "kind" in value;

/** Turns events in any form into a stream. */
export async function* eventsOf(events: Events): AsyncGenerator<AssetEvent, void, undefined> {
  if (isAsync(events) || isIterable(events)) yield* events;
  else yield events;
}

/**
 * The stream of a function with one asset. A function that ends normally without saying anything made
 * its asset: it would have thrown otherwise. Ops with several assets get no such benefit of the doubt.
 */
export function singleAssetCompute(
  key: AssetKey,
  kind: "materialize" | "observe",
  run: (context: AssetExecutionContext) => AssetReturn | Promise<AssetReturn>,
): AssetCompute {
  return async function* (context) {
    const returned = await run(context);
    if (typeof returned === "object" && (isAsync(returned) || isIterable(returned) || isEvent(returned))) {
      yield* eventsOf(returned);
      return;
    }
    const { checks = [], ...event } = returned ?? {};
    const assetKey = key;
    yield kind === "materialize"
      ? AssetEvent.materialize({ assetKey, ...event })
      : AssetEvent.observe({ assetKey, ...event });
    for (const { name, ...verdict } of checks) {
      yield AssetEvent.check({ assetKey, checkName: name, ...verdict });
    }
  };
}
