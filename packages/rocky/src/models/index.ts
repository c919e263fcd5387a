export { loadContract, loadContracts } from "./contracts.ts";
export { modelsDirectory } from "./directory.ts";
export { buildModel } from "./build.ts";
export { loadModels, type ModelsFolder, openModels } from "./load.ts";
export { expandMacros } from "./macros.ts";
export { parseRetention } from "./retention.ts";
export type { ModelSource } from "./scan.ts";
export type * from "./types.ts";
