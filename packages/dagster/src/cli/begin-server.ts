import { locationThreads } from "../server/location-threads.ts";
import type { RunningServer } from "../server/server.ts";
import type { Program } from "./program.ts";
import type { ServeRequest } from "./start-server.ts";

/** Starts the code server of a project. Its definitions' thread begins while the server is still being imported. */
export const beginServer = async (program: Program, request: ServeRequest): Promise<RunningServer> => {
  const threads = locationThreads(program.registryModule);
  const { startProjectServer } = await import("./start-server.ts");
  return startProjectServer(program, request, threads);
};
