import {
  AssetCheckKey,
  type AssetExecutionContext,
  AssetKey,
  Failure,
  type StepLogger,
} from "@dagster-rocky/dagster";
import type { OwedAsset } from "../events/ledger.ts";
import { requireHealthy } from "../resource/strict-doctor.ts";
import type { CallOptions, EngineEvent, RockyResource } from "../resource/index.ts";
import type { DeclaredCheck } from "./plans.ts";

/** An op's view of the engine: the resource, and how this op calls it. */
export interface OpRuntime {
  readonly resource: RockyResource;
  readonly call: CallOptions;
}

const MOST_FIELDS = 8;
/** Says what kind of event it is; the message says the same for people. */
const TYPE_FIELD = "event";

const eventText = ({ message, fields }: EngineEvent): string => {
  const facts = Object.entries(fields ?? {})
    .filter(([name, value]) => name !== TYPE_FIELD && value !== null && !message.includes(String(value)))
    .slice(0, MOST_FIELDS)
    .map(([name, value]) => `${name}=${value}`);
  return facts.length === 0 ? `rocky: ${message}` : `rocky: ${message} (${facts.join(", ")})`;
};

/** A failed check is a verdict about data, which its own event shows: the step did not fail for it. */
const isAboutCheck = ({ fields }: EngineEvent): boolean =>
  typeof fields?.[TYPE_FIELD] === "string" && fields[TYPE_FIELD].startsWith("check");

const levelOf = (event: EngineEvent): EngineEvent["level"] =>
  event.level === "error" && isAboutCheck(event) ? "warn" : event.level;

/** What the engine says while it works goes to the run's log as it happens, with its own level. */
const forwardTo =
  (log: StepLogger) =>
  (event: EngineEvent): void =>
    log[levelOf(event)](eventText(event));

const isResource = (value: unknown): value is RockyResource =>
  typeof value === "object" && value !== null && "runStreaming" in value && "config" in value;

/** Finds the resource and, with `strict_doctor`, makes sure that it is healthy. */
export const openOp = async (context: AssetExecutionContext, resourceKey: string): Promise<OpRuntime> => {
  const resource = context.resources[resourceKey];
  if (!isResource(resource))
    throw new Failure(
      `Op ${context.opName} needs a RockyResource under the resource key ${JSON.stringify(resourceKey)}`,
    );
  const call: CallOptions = { signal: context.signal, onEvent: forwardTo(context.log), context };
  await requireHealthy(resource, call);
  return { resource, call };
};

/** The selected assets among those of a plan, with the checks that this execution owes for each. */
export const owedAssets = (
  context: AssetExecutionContext,
  tables: readonly { readonly key: AssetKey; readonly checks: readonly DeclaredCheck[] }[],
): readonly OwedAsset[] => {
  const selected = new Set(context.selectedAssetKeys.map(AssetKey.id));
  const asked = new Set(context.selectedCheckKeys.map(AssetCheckKey.id));
  const isAsked = (key: AssetKey, name: string): boolean =>
    asked.has(AssetCheckKey.id(AssetCheckKey.of(key, name)));
  return tables
    .filter(({ key }) => selected.has(AssetKey.id(key)))
    .map(({ key, checks }) => ({
      key,
      checks: checks.filter(({ name }) => isAsked(key, name)),
      unasked: checks.filter(({ name }) => !isAsked(key, name)).map(({ name }) => name),
    }));
};
