import type { StepLogger } from "@dagster-rocky/dagster";
import type { CachedCompile } from "./plans.ts";

/**
 * Repeats what the last refresh's compile found. None of it fails a step that copies tables, so that errors
 * are shown as warnings here.
 */
export const logCachedCompile = (compile: CachedCompile | undefined, log: StepLogger): void => {
  for (const { severity, code, message, model } of compile?.diagnostics ?? []) {
    if (severity === "info") continue;
    const kind = severity === "error" ? "error " : "";
    log.warn(`compile ${kind}[${code}] ${model === "" ? "" : `${model}: `}${message}`);
  }
  if (compile?.hasErrors) log.warn("The project's models did not compile without errors at the last refresh");
};
