import { resolve } from "node:path";
import { refreshLocation } from "../components/refresh-location.ts";
import { log } from "../server/log.ts";
import { openStateStore } from "../state/open-store.ts";
import { parseFlags } from "./flags.ts";
import type { Program } from "./program.ts";

/**
 * `refresh --project DIR [--defs-state-key KEY]…`: writes the state of the components, side by side. The exit code
 * is 1 when a component could not be refreshed, also when it kept its earlier state.
 */
export const refresh = async (program: Program, argv: readonly string[]): Promise<number> => {
  const parsed = parseFlags(argv, { flags: { project: "text", "defs-state-key": "list" } });
  const projectRoot = resolve(parsed.text("project") ?? ".");
  const store = openStateStore(process.env.DAGSTER_INSTANCE_REF, process.env);
  const { registryModule } = program;
  const problems: string[] = [];
  const abort = new AbortController();
  const stop = (): void => abort.abort(new Error("the refresh was interrupted"));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    const info = await refreshLocation(
      { projectRoot, ...(registryModule === undefined ? {} : { registryModule }) },
      {
        env: process.env,
        log: { info: (message) => log("info", message), warn: (message) => log("warning", message) },
        signal: abort.signal,
        ...(store === undefined ? {} : { store }),
      },
      parsed.list("defs-state-key"),
      (key, problem) => {
        problems.push(`${key}: ${problem}`);
      },
    );
    for (const [key, state] of Object.entries(info)) {
      if (problems.some((problem) => problem.startsWith(`${key}: `))) continue;
      process.stdout.write(`refreshed ${key} (${state?.version ?? "no state"})\n`);
    }
    for (const problem of problems) process.stderr.write(`not refreshed: ${problem}\n`);
    if (Object.keys(info).length === 0) process.stdout.write("no component of this project keeps state\n");
    return problems.length === 0 ? 0 : 1;
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
    await store?.close();
  }
};
