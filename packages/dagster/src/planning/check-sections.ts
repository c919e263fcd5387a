import type { JsonObject } from "../definitions/metadata.ts";
import { expectObject, refuseUnknown } from "../definitions/resolve-config.ts";
import type { CompiledJob } from "./repository.ts";
import type { ConfigSection } from "./run-config.ts";

/** Loggers are chosen by the worker, and how steps are executed is the host's matter: neither is looked at here. */
const ROOT = ["ops", "resources", "loggers", "execution"];

/** Refuses a run config that speaks of what the job does not have: a run would go on as if it had said nothing. */
export function checkSections(
  runConfig: JsonObject,
  { graph, resources }: Pick<CompiledJob, "graph" | "resources">,
  stepKeys: Iterable<string> = [],
): void {
  refuseUnknown(ROOT, runConfig, "");
  checkEntries(runConfig, "ops", () => [...graph.nodeByName.keys(), ...stepKeys]);
  checkEntries(runConfig, "resources", () => Object.keys(resources));
}

function checkEntries(runConfig: JsonObject, section: ConfigSection, known: () => readonly string[]): void {
  const given = runConfig[section];
  if (given === undefined) return;
  const entries = expectObject(given, section);
  if (Object.keys(entries).length === 0) return;
  refuseUnknown(known(), entries, section);
  for (const [name, value] of Object.entries(entries)) {
    const path = `${section}.${name}`;
    const entry = expectObject(value, path);
    refuseUnknown(["config"], entry, path);
    if (entry.config !== undefined) expectObject(entry.config, `${path}.config`);
  }
}
