export { cachedAnalysis, type TextCache } from "./cache.ts";
export { isAggregate } from "./aggregates.ts";
export * from "./facts.ts";
export { TOO_DEEP } from "./full-parser.ts";
export { type AnalyzeSql, analyzeHere, analyzeSql, quickElse } from "./parser.ts";
export { lineMap } from "./positions.ts";
export { type InlineQuery, type Rewrite, rewriteQuery } from "./rewrite.ts";
export { bareQuery, scanRegions } from "./scan.ts";
export { substituteVariables } from "./variables.ts";
