import { resolve } from "node:path";
import { RockyError } from "../errors.ts";
import { INIT_TEMPLATES, initFiles } from "../scaffold/init/templates.ts";
import { writeFileSet } from "../scaffold/write.ts";
import { defineCommand } from "./command.ts";
import { choiceFlag } from "./flags.ts";

export const init = defineCommand({
  name: "init",
  summary: "Start a project in a folder",
  flags: { template: choiceFlag("What to start with (default duckdb)", INIT_TEMPLATES) },
  positionals: [{ name: "path", help: "Folder (default: here)", optional: true }],
  run: async ({ flags, positionals }, context) => {
    const directory = positionals.path ?? ".";
    const config = directory === "." ? "rocky.toml" : `${directory}/rocky.toml`;
    if (context.files.kind(config) !== undefined)
      throw new RockyError("io_failed", `'${config}' exists already`, {
        where: { file: config },
        hint: "choose another folder, or remove the file",
      });
    const { created, kept } = await writeFileSet(
      resolve(context.cwd, directory),
      initFiles(flags.template ?? "duckdb"),
    );
    const lines = [...created.map((path) => `created ${path}`), ...kept.map((path) => `kept    ${path}`)];
    return { text: `${[...lines, "", "Next: rocky validate"].join("\n")}\n` };
  },
});
