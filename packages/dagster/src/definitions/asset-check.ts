import { type OpOptions, opFields } from "./asset.ts";
import { type AssetCheckSpecInput, assetCheckSpec } from "./asset-spec.ts";
import type { AssetChecksDefinition } from "./assets.ts";
import { type CheckVerdict, eventsOf, type TypedContext } from "./compute.ts";
import type { ConfigFields } from "./config.ts";
import { AssetEvent } from "./events.ts";
import type { AssetExecutionContext } from "./execution-context.ts";
import { AssetKey } from "./keys.ts";
import type { ResourceMap } from "./resources.ts";
import { validName } from "./validate.ts";

export interface AssetCheckOptions<R extends ResourceMap, C extends ConfigFields = ConfigFields>
  extends AssetCheckSpecInput,
    Omit<OpOptions<R, C>, "backfillPolicy"> {
  /** Default: the asset's key and the check's name. */
  readonly opName?: string;
}

/** A check with a step of its own: the function gives the verdict on an asset that is made elsewhere. */
export function assetCheck<
  R extends ResourceMap = Record<never, never>,
  C extends ConfigFields = ConfigFields,
>(
  options: AssetCheckOptions<R, C>,
  run: (context: TypedContext<R, C>) => CheckVerdict | boolean | Promise<CheckVerdict | boolean>,
): AssetChecksDefinition {
  const spec = assetCheckSpec(options);
  const { assetKey, name } = spec.key;
  const defaultName = `${assetKey.path.join("__")}_${name}`.replaceAll(/[^A-Za-z0-9_]/g, "_");
  const evaluate = run as (
    context: AssetExecutionContext,
  ) => CheckVerdict | boolean | Promise<CheckVerdict | boolean>;
  return {
    kind: "checks",
    opName: validName(options.opName ?? defaultName, "op"),
    checkSpecs: [spec],
    canSubset: false,
    ...checkFields(options, `check \`${name}\` of \`${AssetKey.toUserString(assetKey)}\``),
    compute: async function* (context) {
      const returned = await evaluate(context);
      const verdict = typeof returned === "boolean" ? { passed: returned } : returned;
      yield AssetEvent.check({ assetKey, checkName: name, ...verdict });
    },
  };
}

export interface MultiAssetCheckOptions<R extends ResourceMap, C extends ConfigFields = ConfigFields>
  extends Omit<OpOptions<R, C>, "backfillPolicy"> {
  readonly name: string;
  readonly checks: readonly AssetCheckSpecInput[];
  /** The op can evaluate a part of its checks. Default: false. */
  readonly canSubset?: boolean;
  readonly description?: string;
}

type Verdicts = Iterable<AssetEvent> | AsyncIterable<AssetEvent>;

/** One function that evaluates several checks: it yields `AssetEvent.check` for each selected one. */
export function multiAssetCheck<
  R extends ResourceMap = Record<never, never>,
  C extends ConfigFields = ConfigFields,
>(
  options: MultiAssetCheckOptions<R, C>,
  run: (context: TypedContext<R, C>) => Verdicts | Promise<Verdicts>,
): AssetChecksDefinition {
  const start = run as (context: AssetExecutionContext) => Verdicts | Promise<Verdicts>;
  return {
    kind: "checks",
    opName: validName(options.name, "op"),
    checkSpecs: options.checks.map(assetCheckSpec),
    canSubset: options.canSubset ?? false,
    ...checkFields(options, `op \`${options.name}\``),
    ...(options.description === undefined ? {} : { description: options.description }),
    compute: async function* (context) {
      yield* eventsOf(await start(context));
    },
  };
}

function checkFields<R extends ResourceMap, C extends ConfigFields>(
  options: Omit<OpOptions<R, C>, "backfillPolicy">,
  where: string,
) {
  const { backfillPolicy: _none, ...fields } = opFields(options, where);
  return fields;
}
