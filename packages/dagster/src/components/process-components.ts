import type { Definitions } from "../definitions/definitions.ts";
import { createAttributeScope } from "./attribute-scope.ts";
import type { CreatedComponent, CreatedFolder } from "./create-components.ts";
import { postProcess } from "./post-process.ts";

/**
 * The definitions of each component after its own `post_processing` and that of the folders around it, inner folders
 * first: a folder's targets are selected among all components in it.
 */
export const processComponents = (
  created: readonly CreatedComponent[],
  parts: readonly Definitions[],
): readonly Definitions[] => {
  const changed = parts.map((part, index) => {
    const one = created[index];
    if (one === undefined) return part;
    const { settings } = one.declaration;
    const place = { document: settings.document, scope: one.scope };
    return postProcess([part], settings.postProcessors, place)[0] ?? part;
  });
  for (const [{ settings, names }, members] of innermostFirst(created)) {
    if (settings.postProcessors.length === 0) continue;
    const place = { document: settings.document, scope: createAttributeScope(settings.document, names) };
    const inside = members.flatMap((index) => changed[index] ?? []);
    for (const [at, part] of postProcess(inside, settings.postProcessors, place).entries()) {
      const index = members[at];
      if (index !== undefined) changed[index] = part;
    }
  }
  return changed;
};

/** Folders with the places of the components in them. */
const innermostFirst = (
  created: readonly CreatedComponent[],
): readonly (readonly [CreatedFolder, readonly number[]])[] => {
  const found = new Map<CreatedFolder, { readonly depth: number; readonly members: number[] }>();
  for (const [index, { folders }] of created.entries()) {
    for (const [depth, folder] of folders.entries()) {
      const known = found.get(folder);
      if (known === undefined) found.set(folder, { depth, members: [index] });
      else known.members.push(index);
    }
  }
  return [...found]
    .sort(([, a], [, b]) => b.depth - a.depth)
    .map(([folder, { members }]) => [folder, members] as const);
};
