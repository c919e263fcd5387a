const plain = (_key: string, value: unknown): unknown => {
  if (typeof value !== "bigint") return value;
  // Row counts come from the database as bigint; beyond 2^53 a JSON number would lie.
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value.toString();
};

/** One JSON document with two-space indentation and a final newline. */
export const renderJson = (payload: unknown): string => `${JSON.stringify(payload, plain, 2)}\n`;
