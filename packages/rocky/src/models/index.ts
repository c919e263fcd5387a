export { loadContract, loadContracts } from "./contracts.ts";
export { modelsDirectory } from "./directory.ts";
export { loadModels } from "./load.ts";
export { expandMacros } from "./macros.ts";
export { parseRetention } from "./retention.ts";
export type * from "./types.ts";
