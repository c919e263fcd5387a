import { ENGINE_VERSION } from "../../version.ts";

/** Keeps whole texts between processes. A text comes back as it was written or not at all, and no method throws. */
export interface RecordStore {
  readonly readSealed: (name: string) => string | undefined;
  /** Replaces the text, given in parts; of those whose names start alike only the newest few are kept. */
  readonly writeSealed: (name: string, parts: readonly string[]) => void;
}

/** What is kept about one model, next to its texts. */
export interface RecordHead {
  /** Path of the model's file. */
  readonly file: string;
  readonly name: string;
  /** What its files looked like from outside. */
  readonly stamp: string;
  /** Over the texts of its files. */
  readonly digest: string;
}

export interface RecordFile {
  /** Over everything that is not a model's own files; another one means that no record holds. */
  readonly shared: string;
  /** Environment variables that files ask for, and a digest over their values. */
  readonly variables: readonly string[];
  readonly variablesDigest: string;
  /** When the files were looked at, in microseconds. */
  readonly takenAt: number;
  readonly heads: readonly RecordHead[];
  /** Positions in `heads` layer by layer. */
  readonly layers: readonly (readonly number[])[];
  /** Positions in `heads` sorted by model name. */
  readonly byName: readonly number[];
  /** Diagnostics about the models taken together, as JSON. */
  readonly project: string;
  /** One of the texts kept about a model. */
  readonly section: (kind: number, at: number) => string;
}

export const NO_RECORDS: RecordFile = Object.freeze<RecordFile>({
  shared: "",
  variables: [],
  variablesDigest: "",
  takenAt: 0,
  heads: [],
  layers: [],
  byName: [],
  project: "[]",
  section: () => "",
});

/** Other versions of the engine may say other things about the same files. */
const HEADER = `rocky compile records 4 ${ENGINE_VERSION}\n`;

interface Front extends Omit<RecordFile, "heads" | "section"> {
  readonly files: readonly string[];
  readonly names: readonly string[];
  readonly stamps: readonly string[];
  readonly digests: readonly string[];
  /** Where each text ends in the body: all of the first kind, then all of the second … */
  readonly ends: readonly number[];
}

export const encodeRecords = (
  records: Omit<RecordFile, "section">,
  kinds: number,
  section: RecordFile["section"],
): readonly string[] => {
  const { heads, ...rest } = records;
  const body: string[] = [];
  const ends: number[] = [];
  let end = 0;
  for (let kind = 0; kind < kinds; kind += 1) {
    for (let at = 0; at < heads.length; at += 1) {
      const text = section(kind, at);
      body.push(text);
      end += text.length;
      ends.push(end);
    }
  }
  const front: Front = {
    ...rest,
    files: heads.map((head) => head.file),
    names: heads.map((head) => head.name),
    stamps: heads.map((head) => head.stamp),
    digests: heads.map((head) => head.digest),
    ends,
  };
  return [`${HEADER}${JSON.stringify(front)}\n`, ...body];
};

/** The records of a text; `NO_RECORDS` for a text of any other kind. */
export const decodeRecords = (text: string | undefined): RecordFile => {
  if (text?.startsWith(HEADER) !== true) return NO_RECORDS;
  const start = text.indexOf("\n", HEADER.length) + 1;
  // The store vouches for the text, and the header for its shape.
  const front = JSON.parse(text.slice(HEADER.length, start)) as Front;
  const { files, names, stamps, digests, ends, ...rest } = front;
  const heads = files.map((file, at) => ({
    file,
    name: names[at] ?? "",
    stamp: stamps[at] ?? "",
    digest: digests[at] ?? "",
  }));
  return {
    ...rest,
    heads,
    section: (kind, at) => {
      const index = kind * heads.length + at;
      return text.slice(start + (index === 0 ? 0 : (ends[index - 1] ?? 0)), start + (ends[index] ?? 0));
    },
  };
};
