import type { Arguments, BinaryOperator, Expression } from "./expression.ts";
import { TemplateError, type Token, tokenize } from "./tokens.ts";

/** Deeper nesting has no use in a configuration file and would only exhaust the stack. */
const MAX_DEPTH = 64;

const CONSTANTS: Readonly<Record<string, unknown>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokenize(source);
  }

  whole(): Expression {
    const expression = this.#conditional();
    if (this.#peek().kind !== "end") this.#unexpected();
    return expression;
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: "end" };
  }

  #is(text: string): boolean {
    const token = this.#peek();
    return (token.kind === "operator" || token.kind === "name") && token.text === text;
  }

  #accept(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) this.#unexpected(`"${text}"`);
  }

  #unexpected(wanted?: string): never {
    const token = this.#peek();
    const found =
      token.kind === "end" ? "the end" : JSON.stringify(token.kind === "number" ? token.value : token.text);
    const expected = wanted === undefined ? "" : `, expected ${wanted}`;
    throw new TemplateError(`unexpected ${found} in "{{ ${this.#source.trim()} }}"${expected}`);
  }

  #name(): string {
    const token = this.#peek();
    if (token.kind !== "name") this.#unexpected("a name");
    this.#at++;
    return token.text;
  }

  #conditional(): Expression {
    if (++this.#depth > MAX_DEPTH) throw new TemplateError(`"${this.#source.trim()}" is nested too deeply`);
    let expression = this.#or();
    while (this.#accept("if")) {
      const test = this.#or();
      expression = this.#accept("else")
        ? { kind: "conditional", test, value: expression, otherwise: this.#conditional() }
        : { kind: "conditional", test, value: expression };
    }
    this.#depth--;
    return expression;
  }

  #leftAssociative(operators: readonly BinaryOperator[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const operator = operators.find((candidate) => this.#accept(candidate));
      if (operator === undefined) return left;
      left = { kind: "binary", operator, left, right: operand() };
    }
  }

  #or = (): Expression => this.#leftAssociative(["or"], this.#and);
  #and = (): Expression => this.#leftAssociative(["and"], this.#not);

  #not = (): Expression =>
    this.#accept("not") ? { kind: "unary", operator: "not", operand: this.#not() } : this.#compare();

  #comparison(): BinaryOperator | undefined {
    for (const operator of ["==", "!=", "<=", ">=", "<", ">", "in"] as const) {
      if (this.#accept(operator)) return operator;
    }
    const next = this.#tokens[this.#at + 1];
    if (this.#is("not") && next?.kind === "name" && next.text === "in") {
      this.#at += 2;
      return "not in";
    }
    return undefined;
  }

  #compare(): Expression {
    const first = this.#sum();
    let left = first;
    let chain: Expression | undefined;
    for (;;) {
      const operator = this.#comparison();
      if (operator === undefined) return chain ?? first;
      const right = this.#sum();
      const link: Expression = { kind: "binary", operator, left, right };
      // `a < b < c` means `a < b and b < c`, as in Python.
      chain = chain === undefined ? link : { kind: "binary", operator: "and", left: chain, right: link };
      left = right;
    }
  }

  #sum = (): Expression => this.#leftAssociative(["+", "-"], this.#concat);
  #concat = (): Expression => this.#leftAssociative(["~"], this.#product);
  #product = (): Expression => this.#leftAssociative(["*", "//", "/", "%"], this.#unary);

  #unary = (): Expression => {
    for (const operator of ["-", "+"] as const) {
      if (this.#accept(operator)) return { kind: "unary", operator, operand: this.#unary() };
    }
    return this.#power();
  };

  #power(): Expression {
    const left = this.#postfix(this.#primary());
    return this.#accept("**") ? { kind: "binary", operator: "**", left, right: this.#unary() } : left;
  }

  #postfix(start: Expression): Expression {
    let expression = start;
    for (;;) {
      if (this.#accept(".")) expression = { kind: "attribute", object: expression, name: this.#name() };
      else if (this.#accept("[")) {
        expression = { kind: "item", object: expression, index: this.#conditional() };
        this.#expect("]");
      } else if (this.#accept("("))
        expression = { kind: "call", callee: expression, args: this.#arguments() };
      else if (this.#accept("|")) {
        const name = this.#name();
        expression = { kind: "filter", input: expression, name, args: this.#optionalArguments() };
      } else if (this.#is("is")) expression = this.#test(expression);
      else return expression;
    }
  }

  #test(input: Expression): Expression {
    this.#expect("is");
    const negated = this.#accept("not");
    return { kind: "test", input, name: this.#name(), args: this.#optionalArguments(), negated };
  }

  #optionalArguments(): Arguments {
    return this.#accept("(") ? this.#arguments() : { positional: [], named: {} };
  }

  #arguments(): Arguments {
    const positional: Expression[] = [];
    const named: Record<string, Expression> = {};
    while (!this.#accept(")")) {
      const token = this.#peek();
      const next = this.#tokens[this.#at + 1];
      if (token.kind === "name" && next?.kind === "operator" && next.text === "=") {
        this.#at += 2;
        named[token.text] = this.#conditional();
      } else positional.push(this.#conditional());
      if (!this.#is(")")) this.#expect(",");
    }
    return { positional, named };
  }

  #items(close: string): Expression[] {
    const items: Expression[] = [];
    while (!this.#accept(close)) {
      items.push(this.#conditional());
      if (!this.#is(close)) this.#expect(",");
    }
    return items;
  }

  #parenthesised(): Expression {
    if (this.#accept(")")) return { kind: "list", items: [] };
    const first = this.#conditional();
    if (this.#accept(")")) return first;
    this.#expect(",");
    return { kind: "list", items: [first, ...this.#items(")")] };
  }

  #dict(): Expression {
    const entries: [Expression, Expression][] = [];
    while (!this.#accept("}")) {
      const key = this.#conditional();
      this.#expect(":");
      entries.push([key, this.#conditional()]);
      if (!this.#is("}")) this.#expect(",");
    }
    return { kind: "dict", entries };
  }

  #primary(): Expression {
    const token = this.#peek();
    if (token.kind === "string" || token.kind === "number") {
      this.#at++;
      return { kind: "literal", value: token.kind === "string" ? token.text : token.value };
    }
    if (token.kind === "name") {
      this.#at++;
      return Object.hasOwn(CONSTANTS, token.text)
        ? { kind: "literal", value: CONSTANTS[token.text] }
        : { kind: "name", name: token.text };
    }
    if (this.#accept("(")) return this.#parenthesised();
    if (this.#accept("[")) return { kind: "list", items: this.#items("]") };
    if (this.#accept("{")) return this.#dict();
    return this.#unexpected("a value");
  }
}

/** Parses the text between `{{` and `}}`. */
export const parseExpression = (source: string): Expression => new Parser(source).whole();
