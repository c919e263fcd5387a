import type { Dialect } from "../adapter.ts";

// Words that DuckDB 1.5 does not take as a bare name (duckdb_keywords(), categories "reserved"
// and "type_function").
const RESERVED = new Set(
  (
    "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create " +
    "default deferrable desc describe distinct do else end except false fetch for foreign from group having in " +
    "initially intersect into lambda lateral leading limit not null offset on only or order pivot pivot_longer " +
    "pivot_wider placing primary qualify references returning select show some summarize symmetric table then " +
    "to trailing true union unique unpivot using variadic when where window with " +
    "anti asof at authorization binary by collation columns concurrently cross freeze full generated glob ilike " +
    "inner is isnull join left like map natural notnull outer overlaps positional right semi similar struct " +
    "tablesample try_cast unpack verbose"
  ).split(" "),
);

/** The names in statements stay bare, as people write them, except where that would not parse. */
const quoteDuckDbIdentifier = (name: string): string =>
  RESERVED.has(name.toLowerCase()) || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? `"${name.replaceAll('"', '""')}"`
    : name;

export const duckDbDialect: Dialect = Object.freeze({
  name: "duckdb",
  // Statements of the Node binding run on libuv's four threads; more connections would only queue there.
  maxConnections: 4,
  quoteIdentifier: quoteDuckDbIdentifier,
});
