import type { ResourceDefinition } from "../definitions/definitions.ts";

/** Resources of one process, made together at the first use and disposed of in reverse order. */
export interface LazyResources {
  get(): Promise<Readonly<Record<string, unknown>>>;
  dispose(): Promise<void>;
}

export const lazyResources = (definitions: Readonly<Record<string, ResourceDefinition>>): LazyResources => {
  let created: Promise<Readonly<Record<string, unknown>>> | undefined;
  const create = async (): Promise<Readonly<Record<string, unknown>>> => {
    const values: Record<string, unknown> = {};
    for (const [key, definition] of Object.entries(definitions)) values[key] = await definition.create();
    return values;
  };
  return {
    get() {
      created ??= create();
      // A failed attempt is not kept: the next tick may find the outside world in order.
      created.catch(() => {
        created = undefined;
      });
      return created;
    },
    async dispose() {
      if (created === undefined) return;
      const values = await created;
      for (const [key, definition] of Object.entries(definitions).reverse()) {
        await definition.dispose?.(values[key]);
      }
    },
  };
};
