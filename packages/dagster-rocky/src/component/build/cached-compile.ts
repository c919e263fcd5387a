import type { CachedCompile } from "../../dispatch/plans.ts";
import type { CompileOutput } from "../../resource/outputs/compile.ts";

/** The cached diagnostics as op bodies get them; all plans share one object. */
export function cachedCompile(compile: CompileOutput | undefined): CachedCompile | undefined {
  if (!compile) return undefined;
  return Object.freeze({
    hasErrors: compile.hasErrors,
    diagnostics: Object.freeze(
      compile.diagnostics.map(({ severity, code, message, model }) =>
        Object.freeze({ severity: severityOf(severity), code, message, model }),
      ),
    ),
  });
}

function severityOf(text: string): "error" | "warning" | "info" {
  const word = text.toLowerCase();
  return word === "error" || word === "warning" ? word : "info";
}
