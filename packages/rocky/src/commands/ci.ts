import { compileProject, isError } from "../compile/index.ts";
import { RockyError } from "../errors.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { diagnosticsText } from "./diagnostics-text.ts";
import { contractsFlag, projectFlags, projectOptions, variableFlag } from "./project-options.ts";
import { openSeeded, scratchName } from "./scratch.ts";
import { runModelTests } from "./test/model-tests.ts";

/** Exit code of a project that compiles and whose models build, but about which there is something to say. */
const CLEAN_WITH_WARNINGS = 4;

export const ci = defineCommand({
  name: "ci",
  summary: "Compile the models and build them on sample data",
  flags: { ...projectFlags, contracts: contractsFlag, var: variableFlag },
  positionals: [],
  run: async ({ flags }, context) => {
    const options = await projectOptions(context, {
      models: flags.models,
      contracts: flags.contracts,
      variables: flags.var,
    });
    const project = await compileProject({ ...options, formatTarget: scratchName });
    await using session = await openSeeded(context, options.models);
    const results = await runModelTests(session, project, undefined);
    const failures = results.flatMap(({ model, error }) =>
      error === undefined ? [] : [{ name: model, error }],
    );
    const compiled = !project.hasErrors;
    const warned = project.diagnostics.some((found) => found.severity === "Warning");
    const failed = !compiled || failures.length > 0;
    const exitCode = failed ? 1 : warned ? CLEAN_WITH_WARNINGS : 0;
    return {
      payload: {
        version: ENGINE_VERSION,
        command: "ci",
        compile_ok: compiled,
        tests_ok: failures.length === 0,
        models_compiled: project.models.size,
        tests_passed: results.length - failures.length,
        tests_failed: failures.length,
        exit_code: exitCode,
        diagnostics: project.diagnostics,
        failures,
      },
      table: () =>
        diagnosticsText(
          project.diagnostics,
          context.files,
          `${project.models.size} models compiled, ${results.length - failures.length} of ${results.length} built`,
        ),
      exitCode,
      ...(failed ? { error: ciFailure(project.diagnostics.filter(isError).length, failures.length) } : {}),
    };
  },
});

const ciFailure = (errors: number, failures: number): RockyError =>
  new RockyError("check_failed", `${errors} errors of compilation, ${failures} models that cannot be built`);
