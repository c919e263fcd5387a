/** Definitions that contradict themselves or each other. The message says which and what to do. */
export class DefinitionsError extends Error {
  override readonly name = "DefinitionsError";
}

/** A selection of assets or checks that this code location cannot run. */
export class InvalidSubsetError extends Error {
  override readonly name = "InvalidSubsetError";
}
