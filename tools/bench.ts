import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchEngine } from "../bench/engine.ts";
import { benchLoad } from "../bench/load.ts";
import { benchGrowth, benchLocation } from "../bench/location.ts";
import { benchRuns } from "../bench/runs.ts";
import { benchStarts } from "../bench/starts.ts";
import { ensurePython } from "./python.ts";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

const usage = `npm run bench -- [--assets N[,N]] [--growth N[,N]] [--models N[,N]] [--no-peer]

  --assets  sizes of the code locations (default 1000,10000)
  --growth  sizes whose cost is compared with that of the first (default 10000,50000,100000), without Python
  --models  sizes of the model projects (default 1000,10000)
  --no-peer ours alone, when only our own figures are of interest`;

/** Measures ours beside the Python component in one go and prints ratios. Gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      assets: { type: "string", default: "1000,10000" },
      growth: { type: "string", default: "10000,50000,100000" },
      models: { type: "string", default: "1000,10000" },
      "no-peer": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const sizes = (text: string) => text.split(",").filter(Boolean).map(Number);
  const work = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const python = await ensurePython(root, "conformance", join(root, "conformance/requirements.txt"));
    const peer = !values["no-peer"];
    const location = { root, work, python: python.python, peer };
    console.table(benchLoad({ ...location, sizes: sizes(values.assets) }));
    console.table(benchLocation({ ...location, sizes: sizes(values.assets) }));
    console.table(benchGrowth({ ...location, sizes: sizes(values.growth) }));
    console.table(await benchRuns({ root, work, python: python.python, peer }));
    console.table(benchStarts({ root, work }));
    console.table(benchEngine({ root, work, sizes: sizes(values.models) }));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return 0;
}
