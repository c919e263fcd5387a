import { resolve } from "node:path";
import { RockyError } from "../errors.ts";
import { ecommerce } from "../scaffold/playground/ecommerce.ts";
import { quickstart } from "../scaffold/playground/quickstart.ts";
import { showcase } from "../scaffold/playground/showcase.ts";
import { writeFileSet } from "../scaffold/write.ts";
import { defineCommand } from "./command.ts";
import { choiceFlag } from "./flags.ts";

const TEMPLATES = { quickstart, ecommerce, showcase };

export const playground = defineCommand({
  name: "playground",
  summary: "Write a small project that runs at once, to try things",
  flags: {
    template: choiceFlag("Which one (default quickstart)", ["quickstart", "ecommerce", "showcase"]),
  },
  positionals: [{ name: "path", help: "Folder (default rocky-playground)", optional: true }],
  run: async ({ flags, positionals }, context) => {
    const directory = positionals.path ?? "rocky-playground";
    if ((context.files.list(directory) ?? []).length > 0)
      throw new RockyError("io_failed", `the folder '${directory}' is not empty`, {
        where: { file: directory },
        hint: "choose a new folder",
      });
    const { created } = await writeFileSet(
      resolve(context.cwd, directory),
      TEMPLATES[flags.template ?? "quickstart"],
    );
    const next = ["", "Next:", `  cd ${directory}`, "  rocky run", "  rocky lineage customer_orders"];
    return { text: `${[...created.map((path) => `created ${directory}/${path}`), ...next].join("\n")}\n` };
  },
});
