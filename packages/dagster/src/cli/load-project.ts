import { loadLocation } from "../components/load-location.ts";
import type { LoadedLocation } from "../components/loaded-location.ts";
import { type CompiledRepository, compileRepository } from "../planning/index.ts";
import { log } from "../server/log.ts";
import { openStateStore } from "../state/open-store.ts";
import type { Program } from "./program.ts";

export interface LoadedProject {
  readonly loaded: LoadedLocation;
  readonly repository: CompiledRepository;
}

/** Loads a project in this process, for commands that need no server. */
export const loadProject = async (program: Program, projectRoot: string): Promise<LoadedProject> => {
  const { registryModule } = program;
  const store = openStateStore(process.env.DAGSTER_INSTANCE_REF, process.env);
  try {
    const loaded = await loadLocation(
      { projectRoot, ...(registryModule === undefined ? {} : { registryModule }) },
      {
        env: process.env,
        log: { info: (message) => log("info", message), warn: (message) => log("warning", message) },
        ...(store === undefined ? {} : { store }),
      },
    );
    return { loaded, repository: compileRepository(loaded.definitions) };
  } finally {
    await store?.close();
  }
};
