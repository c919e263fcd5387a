const plain = (_key: string, value: unknown): unknown => {
  if (typeof value !== "bigint") return value;
  // Row counts come from the database as bigint; beyond 2^53 a JSON number would lie.
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value.toString();
};

/** One JSON document with two-space indentation and a final newline. */
export const renderJson = (payload: unknown): string => {
  try {
    return `${JSON.stringify(payload, undefined, 2)}\n`;
  } catch (error) {
    // A bigint somewhere. Looking at every value is several times slower, so it is done only then.
    if (error instanceof TypeError) return `${JSON.stringify(payload, plain, 2)}\n`;
    throw error;
  }
};
