import type { RunEnvironment } from "../run/environment.ts";
import { failureText } from "../run/failure.ts";
import { compileForRun, loadRunModels } from "../run/project.ts";
import { type BreakingFinding, breakingFindings } from "./breaking-changes.ts";
import { projectAtRef } from "./project-at-ref.ts";

interface Gate {
  readonly findings: readonly BreakingFinding[];
  /** Why nothing could be compared. */
  readonly skipped?: string;
}

/** Compares the models of a folder with those at the base reference. */
export const findingsSince = async (env: RunEnvironment, base: string, directory: string): Promise<Gate> => {
  const loaded = loadRunModels(env, directory);
  if (loaded.models.length === 0) return { findings: [], skipped: `there are no models in '${directory}'` };
  try {
    const before = await projectAtRef(env.context, base, directory);
    const { compiled } = await compileForRun(env, loaded, {});
    return { findings: breakingFindings(before, compiled) };
  } catch (thrown) {
    return { findings: [], skipped: failureText(thrown) };
  }
};
