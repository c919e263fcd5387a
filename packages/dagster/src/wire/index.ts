export { UnsupportedDagsterError } from "./choose-table.ts";
export type { ClassEntry, ClassTable } from "./class-table.ts";
export { CHUNK_CHARACTERS, encodeChunks, encodeWire } from "./encode.ts";
export { errorInfo } from "./error-info.ts";
export { float, floatText, WireFloat } from "./float.ts";
export type { WireClasses, WireEnums } from "./generated/classes.ts";
export { WireEnum, WireFilled, WireItems, WireObject, WireSet, WireStream, WireText } from "./nodes.ts";
export { JsonSyntaxError, parseJson } from "./parse.ts";
export { pythonRepr, pythonText } from "./python-text.ts";
export {
  asObject,
  isRecord,
  type JsonRecord,
  plainJson,
  readEnum,
  readItems,
  readNumber,
  readObject,
  readText,
  readTextMap,
  WireReadError,
} from "./read.ts";
export { hostTable } from "./host-table.ts";
export { snapshotId } from "./snapshot-id.ts";
export { nestTemplate, presetTemplate, type WireTemplate, wireTemplate } from "./template.ts";
export { compareText, quote } from "./text.ts";
export type { Json, WireValue } from "./value.ts";
export {
  currentTable,
  frozenSet,
  wire,
  wireDynamic,
  wireEnum,
  WireError,
  wireField,
  wireItems,
  wireSet,
  wireStream,
  wireText,
} from "./wire.ts";
export { writeWire } from "./write.ts";
