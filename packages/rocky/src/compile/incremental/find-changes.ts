import type { Files } from "../../ports.ts";
import type { RecordFile, RecordHead } from "./record-file.ts";
import { type Found, type ModelTexts, outsideOf, readTexts } from "./sources.ts";

/** A model's files, compared with what was recorded about them. */
export interface Slot {
  readonly found: Found;
  /** Without a name as long as the model has not been read. */
  readonly head: Omit<RecordHead, "name">;
  /** Where the records have the same file. */
  readonly at: number | undefined;
  /** Set when the files are not as they were recorded. */
  readonly changed?: ModelTexts;
}

export interface Changes {
  readonly slots: readonly Slot[];
  /** How many models had to be read only to find that nothing had changed. */
  readonly unsure: number;
}

/** File systems keep time in steps of some milliseconds; the oldest kinds in steps of two seconds. */
const FINE_STEP = 50_000;
const COARSE_STEP = 2_000_000;

/** A file written right when it was looked at may have been written once more without looking any different. */
const isSettled = (newest: number, takenAt: number): boolean =>
  newest < takenAt - (newest % 1_000_000 === 0 ? COARSE_STEP : FINE_STEP);

/** Reads only files that look different from outside; whether they are is for their texts to say. */
export const findChanges = (found: readonly Found[], files: Files, previous: RecordFile): Changes => {
  let positions: ReadonlyMap<string, number> | undefined;
  const positionOf = (file: string, guess: number): number | undefined => {
    if (previous.heads[guess]?.file === file) return guess;
    positions ??= new Map(previous.heads.map((head, at) => [head.file, at]));
    return positions.get(file);
  };
  let unsure = 0;
  const slots = found.map((one, index): Slot => {
    const { file } = one.source;
    const at = positionOf(file, index);
    const old = at === undefined ? undefined : previous.heads[at];
    // Looked at before it is read: a text written in between is then newer than its stamp, never older.
    const outside = outsideOf(files, one.source);
    const stamp = outside?.stamp ?? "";
    if (old !== undefined && outside?.stamp === old.stamp && isSettled(outside.newest, previous.takenAt))
      return { found: one, head: old, at };
    const texts = readTexts(files, one.source);
    const head = { file, stamp, digest: texts.digest };
    if (old?.digest !== texts.digest) return { found: one, head, at, changed: texts };
    unsure += 1;
    return { found: one, head, at };
  });
  return { slots, unsure };
};
