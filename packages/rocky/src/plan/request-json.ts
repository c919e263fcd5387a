import { RockyError } from "../errors.ts";
import { type PartitionFlags, partitionRequest } from "../run/partitions/plan.ts";
import type { RunRequest } from "../run/request.ts";
import type { Json } from "./canonical-json.ts";

type Payload = Readonly<Record<string, Json>>;

/** A request as a plan's payload keeps it; what was not asked for is left out. */
export const requestToJson = (request: RunRequest, parallel: number): Payload => {
  const { selection, lookback } = request.partitions;
  const given = (key: string, value: Json | undefined): Payload =>
    value === undefined ? {} : { [key]: value };
  return {
    filter: request.filter ?? "",
    ...given("pipeline", request.pipeline),
    ...given("model", request.model),
    ...given("models_dir", request.modelsDirectory),
    run_all: request.all,
    ...(selection.kind === "key" ? { partition: selection.key } : {}),
    ...(selection.kind === "range" ? { partition_from: selection.from, partition_to: selection.to } : {}),
    ...(selection.kind === "missing" ? { missing: true } : {}),
    ...given("lookback", lookback),
    parallel,
    ...(request.resume?.kind === "run" ? { resume: request.resume.runId } : {}),
    ...(request.resume?.kind === "latest" ? { resume_latest: true } : {}),
    ...given("shadow_suffix", request.shadow?.suffix),
    ...given("shadow_schema", request.shadow?.schema),
    ...given("idempotency_key", request.idempotencyKey),
    ...given("env", request.environment),
    ...(Object.keys(request.variables).length === 0 ? {} : { variables: { ...request.variables } }),
  };
};

const text = (payload: Payload, key: string): string | undefined => {
  const value = payload[key];
  return typeof value === "string" && value !== "" ? value : undefined;
};

const variablesOf = (value: Json | undefined): Readonly<Record<string, string>> => {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RockyError("plan_invalid", "the plan's variables are not an object");
  }
  return Object.fromEntries(Object.entries(value).map(([name, given]) => [name, String(given)]));
};

/** The request that a plan captured. */
export const requestFromJson = (payload: Payload): RunRequest => {
  const lookback = payload.lookback;
  const flags: PartitionFlags = {
    partition: text(payload, "partition"),
    from: text(payload, "partition_from"),
    to: text(payload, "partition_to"),
    latest: false,
    missing: payload.missing === true,
    lookback: typeof lookback === "number" ? lookback : undefined,
  };
  const optional = <K extends string>(key: K, name: string): Partial<Record<K, string>> => {
    const value = text(payload, name);
    return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
  };
  const suffix = text(payload, "shadow_suffix");
  const schema = text(payload, "shadow_schema");
  const resume = text(payload, "resume");
  return {
    ...optional("filter", "filter"),
    ...optional("pipeline", "pipeline"),
    ...optional("model", "model"),
    ...optional("modelsDirectory", "models_dir"),
    ...optional("idempotencyKey", "idempotency_key"),
    ...optional("environment", "env"),
    all: payload.run_all === true,
    partitions: partitionRequest(flags),
    ...(suffix === undefined && schema === undefined
      ? {}
      : {
          shadow: {
            ...(suffix === undefined ? {} : { suffix }),
            ...(schema === undefined ? {} : { schema }),
          },
        }),
    ...(resume === undefined ? {} : { resume: { kind: "run", runId: resume } }),
    ...(payload.resume_latest === true ? { resume: { kind: "latest" } } : {}),
    variables: variablesOf(payload.variables),
  };
};
