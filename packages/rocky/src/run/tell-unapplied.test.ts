import { expect, test } from "vitest";
import { createTempProject, replicationToml, type TempProject, transformationToml } from "./fixture.ts";

const told = ({ events }: TempProject): readonly string[] =>
  events.flatMap(({ fields, message }) => (fields?.event === "not_applied" ? [message] : []));
const source = ["CREATE SCHEMA raw__a", "CREATE TABLE raw__a.t AS SELECT 1 AS id"];

test("governance that DuckDB has not is told and stops nothing", async () => {
  using project = createTempProject({
    "rocky.toml": replicationToml('strategy = "full_refresh"\nprune_unchanged = true').replace(
      "auto_create_schemas = true",
      'auto_create_schemas = true\ntags = { owner = "x" }\ngrants = [{ principal = "team", permissions = ["SELECT"] }]',
    ),
  });
  await project.sql(...source);
  const { exitCode } = await project.run(
    "--governance-override",
    '{"grants": [{"principal": "p", "permissions": ["SELECT"]}]}',
  );
  expect([exitCode, told(project)]).toEqual([
    0,
    [
      expect.stringContaining("--governance-override"),
      expect.stringContaining("tags, grants of pipeline 'p'"),
      expect.stringContaining("prune_unchanged"),
    ],
  ]);
});

test("an adapter of a model's own is told", async () => {
  using project = createTempProject({
    "rocky.toml": `${transformationToml.replace("[adapter]", "[adapter.default]")}\n[adapter.other]\ntype = "duckdb"\n`,
    "models/_defaults.toml": '[target]\ncatalog = "w"\nschema = "m"\n',
    "models/here.sql": "SELECT 1 AS id",
    "models/here.toml": 'adapter = "default"\n',
    "models/there.sql": "SELECT 1 AS id",
    "models/there.toml": 'adapter = "other"\n',
  });
  await project.run();
  expect(told(project)).toEqual([
    "the models' own adapters are not applied: there (other); a run builds all with 'default'",
  ]);
});

test("masks, retention and formats of models are told, masks that mask nothing are not", async () => {
  using project = createTempProject({
    "rocky.toml": `${transformationToml}\n[mask]\npii = "hash"\nopen = "none"\n`,
    "models/_defaults.toml": '[target]\ncatalog = "w"\nschema = "m"\n',
    "models/people.sql": "SELECT 'x' AS email, 'y' AS city",
    "models/people.toml":
      'retention = "30d"\nformat = "delta_table"\n[classification]\nemail = "pii"\ncity = "open"\n',
  });
  await project.run();
  expect(told(project)).toEqual([
    expect.stringMatching(/^masks are not applied, values stay readable: people\.email /),
    expect.stringMatching(/^retention is not applied: people /),
    expect.stringMatching(/^format is not applied: people /),
  ]);
  const asked = project.events.length;
  await project.run("--model", "people");
  expect(told(project).length).toBe(6);
  expect(project.events.length).toBeGreaterThan(asked);
});

test("masks of an environment are told where it is run, also by a plan", async () => {
  using project = createTempProject({
    "rocky.toml": `${transformationToml}\n[mask.prod]\npii = "hash"\n`,
    "models/_defaults.toml": '[target]\ncatalog = "w"\nschema = "m"\n',
    "models/people.sql": "SELECT 'x' AS email",
    "models/people.toml": '[classification]\nemail = "pii"\n',
  });
  await project.run();
  expect(told(project)).toEqual([]);
  await project.run("--env", "prod");
  expect(told(project)).toEqual([expect.stringContaining("masks are not applied")]);
  const { payload } = await project.invoke(["plan", "--model", "people", "--env", "prod"]);
  await project.invoke(["apply", (payload as { readonly plan_id: string }).plan_id]);
  expect(told(project)).toHaveLength(2);
});

test("a state that should be shared is told, and refused where sharing must not fail", async () => {
  const shared = `${replicationToml('strategy = "full_refresh"')}\n[state]\nbackend = "s3"\ns3_bucket = "b"\n`;
  using project = createTempProject({ "rocky.toml": shared });
  await project.sql(...source);
  expect((await project.run()).exitCode).toBe(0);
  expect(told(project)).toEqual([expect.stringContaining("other machines do not see")]);
  project.write({ "rocky.toml": `${shared}on_upload_failure = "fail"\n` });
  const refused = await project.invoke(["run"]);
  expect([refused.exitCode, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toContain('backend = "s3"');
});
