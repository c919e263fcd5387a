/** Ends a `switch` over a closed union: adding a variant without a case becomes a type error. */
export const unreachable = (value: never): never => {
  throw new Error(`unexpected ${String(value)}`);
};
