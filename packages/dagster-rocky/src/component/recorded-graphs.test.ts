import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { describeGraph } from "../test-support/describe-graph.ts";
import { loadContext, plainScope } from "../test-support/load-context.ts";
import { RockyComponent } from "./rocky-component.ts";

const GRAPHS = fileURLToPath(new URL("../../test-data/graphs/", import.meta.url));
const PROJECTS = readdirSync(GRAPHS, { withFileTypes: true }).filter((entry) => entry.isDirectory());

type Json = Record<string, unknown>;
interface Recorded {
  readonly assets: Record<string, Record<string, Json>>;
  readonly checks: Record<string, Json>;
  readonly jobs: Record<string, { readonly ops: readonly string[] }>;
  readonly sensors: Record<string, { readonly min_interval: number }>;
  readonly resources: readonly string[];
  readonly atomic_sets: readonly string[][];
}
interface Accepted {
  readonly path: readonly string[];
  readonly correct_any: readonly unknown[];
  readonly absent_ok?: boolean;
}

const read = (project: string, file: string): unknown =>
  JSON.parse(readFileSync(`${GRAPHS}${project}/${file}`, "utf8"));

describe.each(PROJECTS.map((entry) => entry.name))("recorded graph of %s", (project) => {
  const recorded = read(project, "graph.json") as Recorded;
  const load = async () => {
    const component = RockyComponent.create(read(project, "attributes.json"), plainScope);
    const context = loadContext(`${GRAPHS}${project}`);
    return describeGraph(await component.buildDefsFromState(context, `${GRAPHS}${project}/state.json`));
  };

  test("assets", async () => {
    const built = await load();
    const wanted = structuredClone(recorded.assets) as unknown as Json;
    acceptCorrections({ assets: wanted }, built, read(project, "accepted.json") as Accepted[]);
    for (const asset of Object.values(wanted) as { op: Json }[]) {
      const { compute_kind: _kind, execution_type: _type, jobs: _jobs, ...op } = asset.op;
      asset.op = op;
    }
    expect(built.assets).toEqual(wanted);
  });

  test("checks", async () => {
    const built = await load();
    const wanted = Object.entries(recorded.checks).map(([name, check]) => {
      const { jobs: _jobs, has_automation: _automation, ...facets } = check;
      return [name, facets];
    });
    expect(built.checks).toEqual(Object.fromEntries(wanted));
  });

  test("ops, sensors and resources", async () => {
    const built = await load();
    expect(built.ops).toEqual(recorded.jobs.__ASSET_JOB?.ops ?? []);
    expect(built.sensors).toEqual(
      Object.fromEntries(Object.entries(recorded.sensors).map(([name, one]) => [name, one.min_interval])),
    );
    expect(built.resources).toEqual(recorded.resources);
    expect(built.atomic_sets).toEqual(recorded.atomic_sets);
  });
});

/** Where the recorded value is known to be wrong, one of the right ones counts. */
function acceptCorrections(wanted: Json, built: Json, rules: readonly Accepted[]): void {
  for (const { path, correct_any, absent_ok } of rules) {
    const last = path.at(-1) ?? "";
    const at = (root: Json) => path.slice(0, -1).reduce((node, key) => node[key] as Json, root);
    const [want, got] = [at(wanted), at(built)];
    const right = correct_any.find((value) => JSON.stringify(value) === JSON.stringify(got[last]));
    if (right !== undefined) want[last] = right;
    else if (absent_ok && !(last in got)) delete want[last];
  }
}
