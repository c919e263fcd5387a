import { describe, expect, it } from "vitest";
import { openModels } from "../../models/index.ts";
import { type FileStamp, type Files, memoryFiles } from "../../ports.ts";
import { findChanges } from "./find-changes.ts";
import { NO_RECORDS, type RecordFile } from "./record-file.ts";

const WRITTEN = 1_700_000_000_123_456;

const filesOf = (text: string, modified: number): Files => ({
  ...memoryFiles({ "models/a.sql": text }),
  stamp: (path): FileStamp | undefined =>
    path === "models/a.sql" ? { size: 8, inode: 7, modified, changed: modified } : undefined,
});

const changesOf = (files: Files, previous: RecordFile) => {
  const folder = openModels(files, {}, "models");
  return findChanges(
    folder.sources.map((source) => ({ source, folder })),
    files,
    previous,
  );
};

const recordOf = (files: Files, takenAt: number): RecordFile => {
  const heads = changesOf(files, NO_RECORDS).slots.map(({ head }) => ({ ...head, name: "a" }));
  return { ...NO_RECORDS, takenAt, heads };
};

describe("a file that looks the same from outside", () => {
  const before = filesOf("SELECT 1", WRITTEN);
  const after = filesOf("SELECT 2", WRITTEN);

  it("is not read when it had long been written as it was looked at", () => {
    const { slots, unsure } = changesOf(after, recordOf(before, WRITTEN + 60_000_000));
    expect([slots[0]?.changed, unsure]).toEqual([undefined, 0]);
  });

  it("is read when it may have been written again in the same moment", () => {
    const record = recordOf(before, WRITTEN + 1000);
    expect(changesOf(after, record).slots[0]?.changed?.texts.get("models/a.sql")).toBe("SELECT 2");
    expect(changesOf(before, record)).toMatchObject({ unsure: 1 });
  });

  it("gets two seconds where times are whole seconds", () => {
    const [coarse, written] = [1_700_000_000_000_000, "SELECT 2"];
    const record = recordOf(filesOf("SELECT 1", coarse), coarse + 1_000_000);
    expect(changesOf(filesOf(written, coarse), record).slots[0]?.changed).toBeDefined();
  });
});

it("a file that looks different from outside has changed only if its text has", () => {
  const record = recordOf(filesOf("SELECT 1", WRITTEN), WRITTEN + 60_000_000);
  expect(changesOf(filesOf("SELECT 1", WRITTEN + 5), record)).toMatchObject({ unsure: 1 });
  expect(changesOf(filesOf("SELECT 2", WRITTEN + 5), record).slots[0]?.changed).toBeDefined();
});
