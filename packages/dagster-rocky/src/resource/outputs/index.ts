/** What each engine command answers, decoded: fields in camelCase, unknown ones left out. */
export type * from "./apply.ts";
export type * from "./compile.ts";
export type * from "./discover.ts";
export type * from "./graph.ts";
export type * from "./load.ts";
export type * from "./reports.ts";
export type * from "./run.ts";
