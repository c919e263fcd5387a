import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Rocky } from "../index.ts";
import { createTempProject, transformationToml } from "../run/fixture.ts";

/** So many that what was found out about them is worth keeping. */
const MODELS = 400;

it.each(["sesame-open-9", 'sesame"open-9'])(
  "what is kept of a project between commands does not hold %j",
  async (secret) => {
    const models = Array.from({ length: MODELS }, (_, index) => [
      `models/m${index}.sql`,
      `SELECT ${index} AS x FROM w.main.source`,
    ]);
    using project = createTempProject({
      "rocky.toml": `${transformationToml.replace("[adapter]", "[adapter.default]")}
[adapter.lake]
type = "databricks"
host = "h"
http_path = "/sql/1"
token = '\${LAKE_TOKEN}'
`,
      "models/_defaults.toml": '[target]\ncatalog = "w"\nschema = "main"\n',
      "models/m0.toml": `[tags]\nowner = '\${LAKE_TOKEN}'\n`,
      ...Object.fromEntries(models),
    });
    const rocky = new Rocky({ cwd: project.cwd, env: { LAKE_TOKEN: secret } });
    for (const output of [
      await rocky.compile(),
      await rocky.compile(),
      await rocky.dag({ columnLineage: true }),
    ])
      expect(JSON.stringify(output)).not.toContain("sesame");
    const folder = join(project.cwd, ".rocky", "cache");
    const files = readdirSync(folder);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(readFileSync(join(folder, file), "utf8")).not.toContain("sesame");
  },
);
