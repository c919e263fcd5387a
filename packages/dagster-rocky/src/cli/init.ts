import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "@dagster-rocky/dagster/cli";
import { initRockyProject } from "../scaffold/init-project.ts";

const usage = "dagster-rocky init [DIR] [--overwrite]";

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      options: { overwrite: { type: "boolean", default: false }, project: { type: "string" } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}; usage: ${usage}`);
  }
};

/** `init [DIR] [--overwrite]`: a new project, ready to be refreshed and served. */
export const init = async (argv: readonly string[]): Promise<number> => {
  const { values, positionals } = parse(argv);
  if (positionals.length > 1)
    throw new UsageError(`one folder expected, got ${positionals.join(", ")}; usage: ${usage}`);
  const folder = resolve(positionals[0] ?? values.project ?? ".");
  const written = await initRockyProject(folder, { overwrite: values.overwrite });
  process.stdout.write(`${written.map((file) => `wrote ${file}`).join("\n")}\n`);
  return 0;
};
