export { compileModels, type CompileInput } from "./compile-models.ts";
export { compileProject, type CompileProjectOptions } from "./compile-project.ts";
export { type Diagnostic, isError, type Severity, type SourceSpan } from "./diagnostic.ts";
export { digest } from "./digest.ts";
export type { FinalSqlOptions } from "./final-sql.ts";
export type { CompiledModel, CompiledProject, OutputColumn } from "./project.ts";
export { contractName, displayType, type RockyType } from "./rocky-type.ts";
export type { AttachedContract } from "./rules/rule.ts";
export { noSourceSchemas, type SourceSchemas, type SourceTable, sourceSchemas } from "./source-schemas.ts";
export { type KeyDialect, withSurrogateKeys } from "./surrogate-key.ts";
export { fromWarehouseType } from "./warehouse-type.ts";
export { loadImports } from "./imports.ts";
export {
  compileIncrementally,
  type RecordedProject,
} from "./incremental/compile-incrementally.ts";
export type { RecordStore } from "./incremental/record-file.ts";
export { type DescribedModel, decodeGraph, OWN } from "./incremental/records.ts";
