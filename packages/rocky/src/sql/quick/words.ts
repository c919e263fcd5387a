const list = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * Words that are never taken for a name here. Dialects disagree on which of them may be one, so a query that uses
 * one as a name goes to the full parser.
 */
export const RESERVED = list(`
all alter analyse analyze and anti any array as asc asof at between both by case cast check cluster collate
columns connect constraint convert create cross cube current current_catalog current_date current_role
current_schema current_time current_timestamp current_user cycle default delete desc describe distinct distribute
div do drop else end escape except exclude exists explain extract false fetch filter final following for format from
full function global glob grant group grouping groups having if force ignore ilike in inner insert install interpolate
intersect interval into is isnull join lambda lateral leading left like limit localtime localtimestamp lock locked macro
map match match_condition match_recognize materialized minus mod model natural next not notnull null nulls of
offset on only open or order outer operator outfile over overlaps overlay partition percent pivot placing position
positional preceding prewhere primary prior qualify range recursive references regexp rename replace respect
returning right rlike rollup row rows safe_cast sample select semi session_user set sets settings show similar
some sort start straight_join struct summarize symmetric table tablesample tags then ties to top trailing trim
true truncate try_cast try_convert try unbounded union unique unnest unpivot update use user using values view
when where window with within without xor zone
`);

/** Words that stand for a value wherever they appear. */
export const VALUES = list(
  "current_date current_time current_timestamp false localtime localtimestamp null true",
);

/** Reserved words that are also functions when a bracket follows. */
export const CALLABLE = list("if left replace right");

/**
 * Calls that the full parser reads as something else than a call, so that no column is traced through them, with
 * the most arguments that they are read with here.
 */
export const OPAQUE_CALLS: ReadonlyMap<string, number> = new Map([
  ["ceil", 1],
  ["floor", 1],
  ["substr", 3],
  ["substring", 3],
]);

/** Words that begin a literal when a string follows. */
export const TYPED_LITERALS = list("date time timestamp");

/** Type names of one word, as the target of a cast. */
export const SIMPLE_TYPES = list(`
bigint blob bool boolean bytea char date double float hugeint int integer json real smallint string text time
timestamp timestamptz tinyint ubigint uinteger usmallint utinyint uuid varchar
`);

export const DECIMAL_TYPES = list("decimal numeric");
