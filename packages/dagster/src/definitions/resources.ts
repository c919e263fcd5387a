import type { ConfigFields, OpConfig } from "./config.ts";
import type { JsonObject } from "./metadata.ts";

/** What a resource is made from. */
export interface ResourceContext {
  /** The run config of this resource (`resources.<key>.config`), checked and with defaults. */
  readonly config: JsonObject;
  /** The resources that it is built on. */
  readonly resources: Readonly<Record<string, unknown>>;
}

/** A value that ops share. `create` runs once per process that needs it, `dispose` at its end. */
export interface ResourceDefinition<T = unknown> {
  readonly description?: string;
  /** What the resources page shows; secrets must not be in it. `{ env: "NAME" }` shows a variable by name. */
  readonly display?: JsonObject;
  /** What a run may configure. Absent: nothing. */
  readonly config?: ConfigFields;
  /** Resources that it is built on, by the key under which they are known in the code location. */
  readonly resources?: ResourceMap;
  create(context: ResourceContext): T | Promise<T>;
  dispose?(value: T): void | Promise<void>;
}

/** Resources by the key under which ops find them. */
export type ResourceMap = Readonly<Record<string, ResourceDefinition>>;

/** The values that a resource map gives to a running op. */
export type ResourceValues<R extends ResourceMap> = {
  readonly [K in keyof R]: R[K] extends ResourceDefinition<infer T> ? T : never;
};

/** A context whose `config` is what the resource declared, and whose `resources` are those that it asked for. */
export interface TypedResourceContext<C extends ConfigFields, R extends ResourceMap> {
  readonly config: OpConfig<C>;
  readonly resources: ResourceValues<R>;
}

export interface ResourceOptions<T, C extends ConfigFields, R extends ResourceMap>
  extends Omit<ResourceDefinition<T>, "config" | "resources" | "create"> {
  /** What a run may configure under `resources.<key>.config`; the launchpad shows it. Default: nothing. */
  readonly config?: C;
  /** Resources that this one is built on; `create` gets their values, and they outlive this one. */
  readonly resources?: R;
  create(context: TypedResourceContext<C, R>): T | Promise<T>;
}

/** Declares a resource; its value's type is inferred from `create`. */
export function resource<
  T,
  C extends ConfigFields = ConfigFields,
  R extends ResourceMap = Record<never, never>,
>(options: ResourceOptions<T, C, R>): ResourceDefinition<T> {
  // Whoever makes the value gives exactly what `config` and `resources` ask for.
  return Object.freeze({ ...options }) as ResourceDefinition<T>;
}
