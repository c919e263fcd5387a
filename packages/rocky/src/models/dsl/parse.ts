import { didYouMean } from "../../suggest.ts";
import { parseExpression, sortKeys } from "./parse-expression.ts";
import type { JoinKind, Named, Program, SelectItem, Step } from "./syntax-tree.ts";
import { createTokenReader, type TokenReader } from "./token-reader.ts";
import { tokenize } from "./tokens.ts";

const STEPS = [
  "from",
  "where",
  "group",
  "derive",
  "select",
  "join",
  "left",
  "right",
  "full",
  "inner",
  "cross",
  "sort",
  "take",
  "distinct",
  "replicate",
];

const sourceName = (reader: TokenReader): string => {
  const parts = [reader.name("a model or table")];
  while (reader.accept(".")) parts.push(reader.name("a name"));
  return parts.join(".");
};

const aliasOf = (reader: TokenReader): { alias?: string } =>
  reader.accept("as") ? { alias: reader.name("an alias") } : {};

const named = (reader: TokenReader): Named => {
  const name = reader.name("a column name");
  reader.expect(":");
  return { name, expression: parseExpression(reader) };
};

const selectItem = (reader: TokenReader): SelectItem => {
  if (reader.accept("*")) return { kind: "star" };
  const first = reader.name("a column");
  return reader.accept(".")
    ? { kind: "column", qualifier: first, name: reader.name("a column") }
    : { kind: "column", name: first };
};

const namesUntilBrace = (reader: TokenReader): readonly string[] => {
  const names = [reader.name("a column")];
  while (reader.accept(",")) names.push(reader.name("a column"));
  return names;
};

const JOINS: Readonly<Record<string, JoinKind>> = {
  join: "JOIN",
  inner: "JOIN",
  left: "LEFT JOIN",
  right: "RIGHT JOIN",
  full: "FULL JOIN",
  cross: "CROSS JOIN",
};

const parseJoin = (reader: TokenReader): Step => {
  const word = reader.next().text;
  const join = JOINS[word] ?? "JOIN";
  if (word !== "join") reader.expect("join");
  const source = sourceName(reader);
  const alias = aliasOf(reader);
  let on: readonly string[] = [];
  if (join !== "CROSS JOIN") {
    reader.expect("on");
    on = namesUntilBrace(reader);
  }
  const keep: SelectItem[] = [];
  if (reader.accept("{")) {
    reader.expect("keep");
    keep.push(...reader.listUntil("}", () => selectItem(reader)));
  }
  return { kind: "join", join, source, ...alias, on, keep };
};

const unknownStep = (reader: TokenReader): never => {
  const { text } = reader.peek();
  return reader.fail(
    `expected a step, found '${text}'`,
    didYouMean(text, STEPS) ?? `steps are ${STEPS.join(", ")}`,
  );
};

const parseStep = (reader: TokenReader): Step => {
  if (Object.hasOwn(JOINS, reader.peek().text) && (reader.is("join") || reader.is("join", 1)))
    return parseJoin(reader);
  if (reader.accept("from")) return { kind: "from", source: sourceName(reader), ...aliasOf(reader) };
  if (reader.accept("where")) return { kind: "where", condition: parseExpression(reader) };
  if (reader.accept("group")) {
    const keys = reader.is("{") ? [] : namesUntilBrace(reader);
    reader.expect("{");
    return { kind: "group", keys, aggregates: reader.listUntil("}", () => named(reader)) };
  }
  if (reader.accept("derive")) {
    reader.expect("{");
    return { kind: "derive", columns: reader.listUntil("}", () => named(reader)) };
  }
  if (reader.accept("select")) {
    reader.expect("{");
    return { kind: "select", items: reader.listUntil("}", () => selectItem(reader)) };
  }
  if (reader.accept("sort")) return { kind: "sort", keys: sortKeys(reader) };
  if (reader.accept("take"))
    return reader.peek().kind === "number"
      ? { kind: "take", count: reader.next().text.replaceAll("_", "") }
      : reader.fail("take needs a number of rows");
  if (reader.accept("distinct")) return { kind: "distinct" };
  if (reader.accept("replicate")) return { kind: "replicate" };
  return unknownStep(reader);
};

/** Steps up to the next `let`, a second `from`, or the end. */
const parsePipeline = (reader: TokenReader): readonly Step[] => {
  if (!reader.is("from")) reader.fail(`a pipeline starts with from, found '${reader.peek().text}'`);
  const steps = [parseStep(reader)];
  while (reader.peek().kind !== "end" && !reader.is("let") && !reader.is("from"))
    steps.push(parseStep(reader));
  return steps;
};

/** Reads a `.rocky` file: `let` bindings, then one pipeline. Throws a `DslProblem`. */
export const parseProgram = (source: string): Program => {
  const reader = createTokenReader(tokenize(source));
  const bindings: { name: string; steps: readonly Step[] }[] = [];
  while (reader.accept("let")) {
    const name = reader.name("a name");
    reader.expect("=");
    bindings.push({ name, steps: parsePipeline(reader) });
  }
  const steps = parsePipeline(reader);
  if (reader.peek().kind !== "end") unknownStep(reader);
  return { bindings, steps };
};
