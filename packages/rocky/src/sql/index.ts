export { cachedAnalysis, type TextCache } from "./cache.ts";
export { isAggregate } from "./aggregates.ts";
export * from "./facts.ts";
export { type AnalyzeSql, analyzeSql } from "./parser.ts";
export { lineMap } from "./positions.ts";
export { type InlineQuery, type Rewrite, rewriteQuery } from "./rewrite.ts";
export { bareQuery, scanRegions } from "./scan.ts";
export { substituteVariables } from "./variables.ts";
