import { createHash, randomUUID } from "node:crypto";
import { fsync, mkdirSync, openSync, readFileSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { writeFileDurably } from "../../state/durable-write.ts";
import type { LocationRequest, LocationSummary } from "../code-location.ts";
import { openSpool, type Spool, temporarySpool } from "../spool.ts";
import { cutFile } from "./cut-file.ts";
import { type InputLooks, type InputPrints, inputsUnchanged, printInputs } from "./input-prints.ts";

const sync = promisify(fsync);

const MANIFEST = "manifest.json";
/** Raised when the layout of the folder changes. */
const FORMAT = 1;

/** What the kept answers were made from. */
export interface AnswerManifest {
  readonly format: number;
  /** Changes with the program, its packages and everything the answers say about the server. */
  readonly program: string;
  readonly inputs: InputPrints;
  readonly summary: LocationSummary;
  /** Answers of one manifest share a prefix, so that a crash between two writes never mixes generations. */
  readonly generation: string;
}

/** A manifest whose files have not been read for it yet. */
export type ManifestDraft = Omit<AnswerManifest, "inputs"> & { readonly inputs: InputLooks };

/** The answer that a later load is compared with. */
export const BASE_ANSWER = "repository-deferred";

/** The name under which an answer is kept; undefined for answers that depend on more than the load. */
export const answerName = (request: LocationRequest): string | undefined => {
  if (request.kind === "listRepositories") return "list";
  if (request.kind === "repository") return request.deferSnapshots ? BASE_ANSWER : "repository";
  if (request.kind !== "job") return undefined;
  return `job-${createHash("sha256").update(request.jobName).digest("hex").slice(0, 32)}`;
};

/** Answers of an earlier load, on disk beside the state. */
export class AnswerStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The manifest, when it still holds for this program and project. */
  async current(
    program: string,
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<AnswerManifest | undefined> {
    try {
      const manifest = JSON.parse(readFileSync(join(this.#folder, MANIFEST), "utf8")) as AnswerManifest;
      const isOurs = manifest.format === FORMAT && manifest.program === program;
      return isOurs && (await inputsUnchanged(manifest.inputs, env)) ? manifest : undefined;
    } catch {
      return undefined;
    }
  }

  /** An answer in pieces that are read as they are sent: a whole repository need not be in memory. */
  async pieces(generation: string, name: string): Promise<Iterable<Uint8Array> | undefined> {
    try {
      // Open before anybody reads, so that a newer generation may remove the file meanwhile.
      return cutFile(openSync(this.#path(generation, name), "r"));
    } catch {
      return undefined;
    }
  }

  /** A new file for one answer, which is kept once it is whole. */
  spool(generation: string, name: string): Spool {
    try {
      mkdirSync(this.#folder, { recursive: true });
    } catch {
      return temporarySpool();
    }
    return openSpool(`${this.#path(generation, name)}.${randomUUID()}.tmp`);
  }

  /** Keeps one answer. The manifest is written last, so what it promises is there. */
  async keep(generation: string, name: string, spool: Spool): Promise<void> {
    if (spool.file === undefined || spool.path === undefined || !spool.isOnDisk) {
      throw new Error(`answer ${name} is not on disk`);
    }
    await sync(spool.file);
    await rename(spool.path, this.#path(generation, name));
  }

  /** Throws when what the load looked at has changed since: then the answers are not those of the next load. */
  async publish(draft: ManifestDraft): Promise<void> {
    const inputs = await printInputs(draft.inputs);
    if (inputs === undefined) throw new Error("the files have changed since they were loaded");
    const manifest: AnswerManifest = { ...draft, inputs };
    await writeFileDurably(join(this.#folder, MANIFEST), JSON.stringify(manifest));
    const names = await readdir(this.#folder);
    const old = names.filter((name) => name !== MANIFEST && !name.startsWith(`${manifest.generation}.`));
    await Promise.all(old.map((name) => rm(join(this.#folder, name), { force: true })));
  }

  #path(generation: string, name: string): string {
    return join(this.#folder, `${generation}.${name}`);
  }
}

export const draftManifest = (
  program: string,
  { inputs, ...summary }: LocationSummary & { readonly inputs: InputLooks },
): ManifestDraft => ({ format: FORMAT, program, inputs, summary, generation: randomUUID() });
