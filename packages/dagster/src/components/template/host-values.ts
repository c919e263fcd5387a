import { TemplateError } from "./tokens.ts";
import { isRecord, Opaque, TemplateFunction } from "./values.ts";

/** A function of the project that templates may call; it leaves the language as itself. */
export class HostFunction extends TemplateFunction {
  readonly source: (...args: readonly unknown[]) => unknown;

  constructor(name: string, source: (...args: readonly unknown[]) => unknown) {
    super(name, (positional, named) => {
      const args = positional.map(toHost);
      const options = Object.keys(named).length === 0 ? [] : [toHost(named)];
      const result = source(...args, ...options);
      if (result instanceof Promise) {
        throw new TemplateError(`${name || "a function"} is asynchronous; templates cannot wait for it`);
      }
      return fromHost(result);
    });
    this.source = source;
  }
}

/** A value of the project as templates see it: data as such, functions to call, anything else to pass on. */
export function fromHost(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "function") {
    return new HostFunction(value.name, value as (...args: readonly unknown[]) => unknown);
  }
  if (Array.isArray(value)) return value.map(fromHost);
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromHost(item)]));
  }
  return typeof value === "object" || typeof value === "symbol" ? new Opaque(value) : value;
}

/** What leaves the language: made objects as they are, lists and mappings without their wrappers. */
export function toHost(value: unknown): unknown {
  if (value instanceof Opaque) return value.value;
  if (value instanceof HostFunction) return value.source;
  if (Array.isArray(value)) return value.map(toHost);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toHost(inner)]));
}
