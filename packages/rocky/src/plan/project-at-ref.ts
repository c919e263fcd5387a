import type { CommandContext } from "../commands/context.ts";
import { type CompiledProject, compileProject, type CompileProjectOptions } from "../compile/index.ts";
import { loadModels } from "../models/index.ts";
import { directoryOf, joinPath } from "../paths.ts";
import { filesAtRef } from "./git-files.ts";

/** The models as they were at a git reference; undefined when there were none. Throws when they did not compile. */
export const projectAtRef = async (
  context: CommandContext,
  ref: string,
  directory: string,
  options: Pick<CompileProjectOptions, "variables" | "sources"> = {},
): Promise<CompiledProject | undefined> => {
  const files = await filesAtRef(context.cwd, ref, [directory, joinPath(directoryOf(directory), "macros")]);
  const models = loadModels(files, context.env, directory);
  if (models.models.length === 0) return undefined;
  return compileProject({
    files,
    env: context.env,
    models,
    ...options,
  });
};
