import { createHash, randomUUID } from "node:crypto";
import { fsync, mkdirSync, openSync, readFileSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { writeFileDurably } from "../../state/durable-write.ts";
import type { LocationRequest, LocationSummary } from "../code-location.ts";
import { openSpool, type Spool, temporarySpool } from "../spool.ts";
import { cutFile } from "./cut-file.ts";
import { type InputPrints, inputsUnchanged } from "./input-prints.ts";

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
  current(program: string, env: Readonly<Record<string, string | undefined>>): AnswerManifest | undefined {
    try {
      const manifest = JSON.parse(readFileSync(join(this.#folder, MANIFEST), "utf8")) as AnswerManifest;
      const isOurs = manifest.format === FORMAT && manifest.program === program;
      return isOurs && inputsUnchanged(manifest.inputs, env) ? manifest : undefined;
    } catch {
      return undefined;
    }
  }

  /** An answer in pieces that are read as they are sent: a whole repository need not be in memory. */
  async pieces(manifest: AnswerManifest, name: string): Promise<Iterable<Uint8Array> | undefined> {
    try {
      // Open before anybody reads, so that a newer generation may remove the file meanwhile.
      return cutFile(openSync(this.#path(manifest, name), "r"));
    } catch {
      return undefined;
    }
  }

  /** A new file for one answer, which is kept once it is whole. */
  spool(manifest: AnswerManifest, name: string): Spool {
    try {
      mkdirSync(this.#folder, { recursive: true });
    } catch {
      return temporarySpool();
    }
    return openSpool(`${this.#path(manifest, name)}.${randomUUID()}.tmp`);
  }

  /** Keeps one answer. The manifest is written last, so what it promises is there. */
  async keep(manifest: AnswerManifest, name: string, spool: Spool): Promise<void> {
    if (spool.file === undefined || spool.path === undefined || !spool.isOnDisk) {
      throw new Error(`answer ${name} is not on disk`);
    }
    await sync(spool.file);
    await rename(spool.path, this.#path(manifest, name));
  }

  async publish(manifest: AnswerManifest): Promise<void> {
    await writeFileDurably(join(this.#folder, MANIFEST), JSON.stringify(manifest));
    const names = await readdir(this.#folder);
    const old = names.filter((name) => name !== MANIFEST && !name.startsWith(`${manifest.generation}.`));
    await Promise.all(old.map((name) => rm(join(this.#folder, name), { force: true })));
  }

  #path(manifest: AnswerManifest, name: string): string {
    return join(this.#folder, `${manifest.generation}.${name}`);
  }
}

export const createManifest = (
  program: string,
  inputs: InputPrints,
  summary: LocationSummary,
  generation: string,
): AnswerManifest => ({ format: FORMAT, program, inputs, summary, generation });
