import type { Pipeline } from "../../config/index.ts";
import { layersOf } from "../../graph/layers.ts";
import { didYouMean } from "../../suggest.ts";
import type { Report } from "./report.ts";

const FIELD = { field: "pipeline.*.depends_on" };

/** Checks `depends_on` between pipelines: names exist, no circle. */
export const validatePipelineGraph = (pipelines: readonly Pipeline[], report: Report): void => {
  if (pipelines.every((pipeline) => pipeline.dependsOn.length === 0)) return;
  const names = new Set(pipelines.map((pipeline) => pipeline.name));
  let unknown: string | undefined;
  for (const pipeline of pipelines)
    for (const dependency of pipeline.dependsOn) {
      if (names.has(dependency)) continue;
      unknown ??= dependency;
      const near = didYouMean(dependency, names);
      report.say(
        "error",
        "V029",
        `pipeline.${pipeline.name}: depends_on names unknown pipeline '${dependency}'${near === undefined ? "" : `, ${near}`}`,
        { field: `pipeline.${pipeline.name}.depends_on` },
      );
    }
  if (unknown !== undefined) {
    report.say("error", "V030", `pipeline dependency graph error: unknown pipeline '${unknown}'`, FIELD);
    return;
  }
  const result = layersOf(new Map(pipelines.map((pipeline) => [pipeline.name, pipeline.dependsOn])));
  if (result.ok)
    report.say(
      "ok",
      "V030",
      `pipeline dependency graph is acyclic (execution order: ${result.layers.flat().join(" -> ")})`,
    );
  else
    report.say(
      "error",
      "V030",
      `pipeline dependency cycle detected involving: ${result.cycle.join(", ")}`,
      FIELD,
    );
};
