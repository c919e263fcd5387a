import { defaulted, type Infer, many, number, object, optional, required, text } from "../decode.ts";

/** `rocky run` of a load pipeline: files copied into tables. */
export const decodeLoad = object({
  sourceDir: defaulted("source_dir", text, ""),
  filesLoaded: required("files_loaded", number),
  filesFailed: defaulted("files_failed", number, 0),
  totalRows: defaulted("total_rows", number, 0),
  totalBytes: defaulted("total_bytes", number, 0),
  durationMs: defaulted("duration_ms", number, 0),
  files: many(
    "files",
    object({
      file: required("file", text),
      target: defaulted("target", text, ""),
      rowsLoaded: defaulted("rows_loaded", number, 0),
      error: optional("error", text),
    }),
  ),
});
export type LoadOutput = Infer<typeof decodeLoad>;
