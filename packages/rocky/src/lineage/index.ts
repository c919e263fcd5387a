export { lineageDot } from "./dot.ts";
export type { ColumnRef, LineageEdge } from "./edge.ts";
export { consumersOf, type Direction, type LineageGraph, lineageGraph, traceColumn } from "./trace.ts";
