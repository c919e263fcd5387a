import type { DiscoveredSource } from "./inputs.ts";

/** A source as translators see it in tenant mode. */
export function withoutTenant(source: DiscoveredSource, component: string): DiscoveredSource {
  const { [component]: _tenant, ...components } = source.components;
  return { ...source, components };
}
