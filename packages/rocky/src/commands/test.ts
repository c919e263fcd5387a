import { compileProject } from "../compile/index.ts";
import { RockyError } from "../errors.ts";
import { ENGINE_VERSION } from "../version.ts";
import { defineCommand } from "./command.ts";
import { booleanFlag, stringFlag } from "./flags.ts";
import {
  contractsFlag,
  projectFlags,
  projectOptions,
  unknownModel,
  variableFlag,
} from "./project-options.ts";
import { openSeeded, scratchName } from "./scratch.ts";
import { type DeclarativeResult, runDeclarativeTests } from "./test/declarative-tests.ts";
import { type ModelTestResult, runModelTests } from "./test/model-tests.ts";
import { runUnitTests, type UnitTestResult } from "./test/unit-tests.ts";

export const test = defineCommand({
  name: "test",
  summary:
    "Build the models on sample data, run their unit tests, or ask their declared tests of the warehouse",
  flags: {
    ...projectFlags,
    contracts: contractsFlag,
    declarative: booleanFlag("ask the [[tests]] of the sidecars, of the tables in the warehouse"),
    model: stringFlag("test this model only", "NAME"),
    pipeline: stringFlag("pipeline whose adapter is asked", "NAME"),
    var: variableFlag,
  },
  positionals: [],
  run: async ({ flags }, context) => {
    const options = await projectOptions(context, {
      models: flags.models,
      contracts: flags.contracts,
      variables: flags.var,
    });
    const project = await compileProject({ ...options, formatTarget: scratchName });
    if (flags.model !== undefined && !project.models.has(flags.model)) {
      throw unknownModel(flags.model, project.models.keys());
    }
    if (flags.declarative) {
      const models = [...project.models.values()]
        .filter(({ name }) => flags.model === undefined || name === flags.model)
        .map(({ model }) => model);
      const results = await runDeclarativeTests(context, models, flags.pipeline);
      const summary = declarativeSummary(results);
      return {
        payload: { ...payload([]), declarative: summary },
        ...verdict(summary.failed + summary.errored, results.length),
      };
    }
    await using session = await openSeeded(context, options.models);
    const results = await runModelTests(session, project, flags.model);
    const units = await runUnitTests(context, project, flags.model);
    const failed = results.filter((result) => result.status === "fail").length;
    const failedUnits = units.filter((result) => !result.passed).length;
    return {
      payload: { ...payload(results), ...(units.length === 0 ? {} : { unit_tests: unitSummary(units) }) },
      ...verdict(failed + failedUnits, results.length + units.length),
    };
  },
});

const payload = (results: readonly ModelTestResult[]) => {
  const failures = results.flatMap(({ model, error }) =>
    error === undefined ? [] : [{ name: model, error }],
  );
  return {
    version: ENGINE_VERSION,
    command: "test",
    total: results.length,
    passed: results.length - failures.length,
    failed: failures.length,
    failures,
    model_results: results,
  };
};

const unitSummary = (results: readonly UnitTestResult[]) => {
  const passed = results.filter((result) => result.passed).length;
  return { total: results.length, passed, failed: results.length - passed, results };
};

const declarativeSummary = (results: readonly DeclarativeResult[]) => {
  const count = (matches: (result: DeclarativeResult) => boolean): number => results.filter(matches).length;
  return {
    total: results.length,
    passed: count(({ status }) => status === "pass"),
    failed: count(({ status, severity }) => status === "fail" && severity === "error"),
    warned: count(({ status, severity }) => status === "fail" && severity !== "error"),
    errored: count(({ status }) => status === "error"),
    results,
  };
};

const verdict = (failed: number, total: number): { error?: RockyError } =>
  failed === 0 ? {} : { error: new RockyError("check_failed", `${failed} of ${total} tests failed`) };
