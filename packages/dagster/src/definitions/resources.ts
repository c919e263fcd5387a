import type { JsonObject } from "./metadata.ts";

/** A value that ops share. `create` runs once per process that needs it, `dispose` at its end. */
export interface ResourceDefinition<T = unknown> {
  readonly description?: string;
  /** What the resources page shows; secrets must not be in it. `{ env: "NAME" }` shows a variable by name. */
  readonly display?: JsonObject;
  create(): T | Promise<T>;
  dispose?(value: T): void | Promise<void>;
}

/** Resources by the key under which ops find them. */
export type ResourceMap = Readonly<Record<string, ResourceDefinition>>;

/** The values that a resource map gives to a running op. */
export type ResourceValues<R extends ResourceMap> = {
  readonly [K in keyof R]: R[K] extends ResourceDefinition<infer T> ? T : never;
};

/** Declares a resource; `T` is inferred from `create`. */
export const resource = <T>(definition: ResourceDefinition<T>): ResourceDefinition<T> =>
  Object.freeze({ ...definition });
