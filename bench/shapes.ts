import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeComponent, writeDagProject, writeDiscoverProject, writeModelsProject } from "./projects.ts";

export interface LocationBench {
  readonly root: string;
  readonly work: string;
  /** An interpreter with the stock Dagster: it plays the host, for both sides. */
  readonly python: string;
  readonly sizes: readonly number[];
  readonly peer: boolean;
}

type WriteProject = (folder: string, size: number) => void;

/** Projects whose state is made up. */
export const shapes = { discover: writeDiscoverProject, dag: writeDagProject } as const;
export type Shape = keyof typeof shapes;

/** These, and model files with the state that a refresh makes of them. */
export const allShapes = (options: Pick<LocationBench, "root">) => ({
  ...shapes,
  "dag, refreshed": writeRefreshedProject(options),
});

const writeRefreshedProject =
  ({ root }: Pick<LocationBench, "root">): WriteProject =>
  (folder, models) => {
    writeModelsProject(folder, models);
    writeComponent(folder, "models_dir: models\n  dag_mode: true");
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(root, "packages/dagster-rocky/bin/dagster-rocky.js"), "refresh", "--project", folder],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`the refresh failed: ${stderr}`);
  };

/** Writes each project in each size, measures it, and removes it. */
export function inProjects<S extends string>(
  { work, sizes }: LocationBench,
  written: Readonly<Record<S, WriteProject>>,
  bench: (shape: S, size: number, folder: string) => readonly object[],
): readonly object[] {
  return sizes.flatMap((size) =>
    (Object.keys(written) as S[]).flatMap((shape) => {
      const folder = join(work, `${shape}-${size}`);
      mkdirSync(folder);
      written[shape](folder, size);
      const rows = bench(shape, size, folder);
      rmSync(folder, { recursive: true });
      return rows;
    }),
  );
}

/** What the server keeps of an answer for its next start. */
export const forgetAnswers = (folder: string): void =>
  rmSync(join(folder, ".local_defs_state/.server"), { recursive: true, force: true });

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** How often ours fits into the peer's; nothing without a peer. */
export const ratio = (ours: number, peer: number | undefined): string =>
  peer === undefined ? "" : ` (1/${(peer / ours).toFixed(1)})`;
