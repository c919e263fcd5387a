import {
  anything,
  boolean,
  DecodeError,
  defaulted,
  type Infer,
  object,
  optional,
  record,
  required,
  text,
} from "../decode.ts";

/** A table that the engine reported as written through Pipes. */
const materialization = object({
  assetKey: required("asset_key", text),
  metadata: defaulted<Readonly<Record<string, unknown>>>("metadata", record, {}),
});

const check = object({
  assetKey: required("asset_key", text),
  checkName: required("check_name", text),
  passed: required("passed", boolean),
  severity: defaulted("severity", text, "ERROR"),
  metadata: defaulted<Readonly<Record<string, unknown>>>("metadata", record, {}),
});

const log = object({ message: required("message", text), level: defaulted("level", text, "INFO") });

export type PipesMaterialization = Infer<typeof materialization>;
export type PipesCheck = Infer<typeof check>;
export type PipesLog = Infer<typeof log>;

/** One line of a Pipes messages file; kinds that say nothing about assets are `other`. */
export type PipesMessage =
  | { readonly kind: "materialization"; readonly value: PipesMaterialization }
  | { readonly kind: "check"; readonly value: PipesCheck }
  | { readonly kind: "log"; readonly value: PipesLog }
  | { readonly kind: "other"; readonly method: string };

const envelope = object({ method: required("method", text), params: optional("params", anything) });

/** Undefined for a line that is no message: the engine may still be writing it. */
export const parseMessage = (line: string): PipesMessage | undefined => {
  if (line.trim() === "") return undefined;
  try {
    const { method, params } = envelope(JSON.parse(line));
    switch (method) {
      case "report_asset_materialization":
        return { kind: "materialization", value: materialization(params) };
      case "report_asset_check":
        return { kind: "check", value: check(params) };
      case "log":
        return { kind: "log", value: log(params) };
      default:
        return { kind: "other", method };
    }
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DecodeError) return undefined;
    throw error;
  }
};

/** Pipes wraps metadata values as `{raw_value, type}`. */
export const plainValue = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "raw_value" in value ? value.raw_value : value;
