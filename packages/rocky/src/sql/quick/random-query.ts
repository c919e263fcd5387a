// Test support: makes SQL that is mostly right, and some that is cut, doubled or shuffled.

type Random = () => number;

/** A small generator with a seed, so that a failing query can be made again. */
const generator = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
};

const NAMES = [
  "a",
  "b",
  "id",
  "name",
  "date",
  "status",
  "orders",
  "t1",
  "Amount",
  '"Quoted"',
  "year",
  "value",
];
const TABLES = ["orders", "raw.orders", "c1", "c2", "main.x.y", '"My Table"', "src.items", "d1"];
const TYPES = [
  "INT",
  "varchar(10)",
  "DECIMAL(12,2)",
  "numeric",
  "timestamp with time zone",
  "double",
  "DATE",
  "bool",
];
const FUNCTIONS = [
  "sum",
  "COUNT",
  "upper",
  "coalesce",
  "lag",
  "date_trunc",
  "replace",
  "max",
  "round",
  "left",
  "floor",
];
const OPERATORS = ["+", "-", "*", "/", "||", "=", "<>", "<=", "AND", "OR", "%", "//"];
const WORDS = [
  "FROM",
  "SELECT",
  ",",
  "(",
  ")",
  "AS",
  "JOIN",
  "ON",
  "WHERE",
  "'x'",
  "1",
  "NOT",
  "::",
  ".",
  "*",
  "END",
];

export const randomQueries = function* (seed: number, count: number): Generator<string> {
  const random = generator(seed);
  for (let index = 0; index < count; index += 1) {
    const sql = query(random, 2);
    yield random() < 0.35 ? broken(sql, random) : sql;
  }
};

const pick = (values: readonly string[], random: Random): string =>
  values[Math.floor(random() * values.length)] ?? "a";

const chance = (random: Random, share: number): boolean => random() < share;

const several = (random: Random, most: number, make: () => string): string =>
  Array.from({ length: 1 + Math.floor(random() * most) }, make).join(", ");

const query = (random: Random, depth: number): string => {
  const ctes =
    depth > 0 && chance(random, 0.3)
      ? `WITH ${chance(random, 0.2) ? "RECURSIVE " : ""}${["c1", "c2"].map((name) => `${name} AS (${query(random, depth - 1)})`).join(", ")} `
      : "";
  const arms =
    depth > 0 && chance(random, 0.15) ? [select(random, depth - 1), `(${select(random, depth - 1)})`] : [];
  const body = [select(random, depth), ...arms].join(
    pick([" UNION ALL ", " UNION ", " EXCEPT ", " INTERSECT "], random),
  );
  const order = chance(random, 0.2) ? ` ORDER BY ${expression(random, 1)} DESC NULLS LAST` : "";
  return `${ctes}${body}${order}${chance(random, 0.1) ? " LIMIT 10 OFFSET 2" : ""}`;
};

const select = (random: Random, depth: number): string => {
  const parts = [
    `SELECT ${chance(random, 0.1) ? "DISTINCT " : ""}${several(random, 4, () => item(random, depth))}`,
  ];
  if (chance(random, 0.9))
    parts.push(`FROM ${table(random, depth)}${chance(random, 0.4) ? join(random, depth) : ""}`);
  if (chance(random, 0.4)) parts.push(`WHERE ${expression(random, depth)}`);
  if (chance(random, 0.2))
    parts.push(`GROUP BY ${chance(random, 0.3) ? "ALL" : several(random, 2, () => expression(random, 0))}`);
  if (chance(random, 0.1)) parts.push(`HAVING ${expression(random, 1)}`);
  return parts.join(chance(random, 0.2) ? " -- remark\n" : " ");
};

const item = (random: Random, depth: number): string => {
  if (chance(random, 0.1)) return pick(["*", "t1.*", "* EXCLUDE (a)", "o.* EXCLUDE id"], random);
  const value = expression(random, depth);
  return chance(random, 0.5) ? `${value} AS ${pick(NAMES, random)}` : value;
};

const table = (random: Random, depth: number): string => {
  if (depth > 0 && chance(random, 0.2))
    return `(${query(random, depth - 1)}) ${pick(["q", "AS r", "t1"], random)}`;
  return `${pick(TABLES, random)}${pick(["", " o", " AS t1", " AS c1"], random)}`;
};

const join = (random: Random, depth: number): string => {
  const kind = pick(
    [" JOIN ", " LEFT JOIN ", " FULL OUTER JOIN ", " INNER JOIN ", ", ", " CROSS JOIN "],
    random,
  );
  const condition = pick([` ON ${expression(random, 1)}`, " USING (id, a)", ""], random);
  return `${kind}${table(random, depth)}${kind === ", " ? "" : condition}`;
};

const expression = (random: Random, depth: number): string => {
  if (depth <= 0 || chance(random, 0.3)) return leaf(random);
  const inner = (): string => expression(random, depth - 1);
  const forms: readonly (() => string)[] = [
    () => `${inner()} ${pick(OPERATORS, random)} ${inner()}`,
    () => `CAST(${inner()} AS ${pick(TYPES, random)})`,
    () => `${leaf(random)}::${pick(TYPES, random)}`,
    () => `${pick(FUNCTIONS, random)}(${several(random, 2, inner)})`,
    () =>
      `${pick(FUNCTIONS, random)}(${inner()}) OVER (PARTITION BY ${leaf(random)} ORDER BY ${leaf(random)})`,
    () => `CASE WHEN ${inner()} THEN ${inner()} ELSE ${inner()} END`,
    () => `(${inner()})`,
    () =>
      `${inner()} ${pick(["IS NULL", "IS NOT NULL", "NOT IN (1, 2)", "BETWEEN 1 AND 2", "NOT LIKE 'a%'"], random)}`,
    () => `EXISTS (${query(random, depth - 1)})`,
    () => `${leaf(random)} IN (${query(random, depth - 1)})`,
    () => `NOT ${inner()}`,
    () => `- ${leaf(random)}`,
  ];
  return forms[Math.floor(random() * forms.length)]?.() ?? leaf(random);
};

const leaf = (random: Random): string =>
  chance(random, 0.3)
    ? pick(
        [
          "1",
          "2.5",
          "'text'",
          "NULL",
          "TRUE",
          "DATE '2025-01-01'",
          "COUNT(*)",
          "@start_date",
          "CURRENT_DATE",
        ],
        random,
      )
    : `${chance(random, 0.4) ? `${pick(["o", "t1", "q", "c1", "raw.orders"], random)}.` : ""}${pick(NAMES, random)}`;

const broken = (sql: string, random: Random): string => {
  const words = sql.split(" ");
  const at = Math.floor(random() * words.length);
  const changes: readonly (() => readonly string[])[] = [
    () => words.toSpliced(at, 1),
    () => words.toSpliced(at, 0, pick(WORDS, random)),
    () => words.toSpliced(at, 1, pick(WORDS, random)),
    () => words.slice(0, at + 1),
  ];
  return (changes[Math.floor(random() * changes.length)]?.() ?? words).join(" ");
};
