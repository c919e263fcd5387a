import { DefinitionsError } from "./errors.ts";
import type { AssetSelection } from "./selection.ts";
import { AssetKey } from "./keys.ts";

type Token =
  | { readonly kind: "symbol"; readonly text: string }
  | { readonly kind: "digits"; readonly text: string }
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "quoted"; readonly text: string };

const PATTERN = /\s*(?:(<null>|[()+:=])|"([^"]*)"|(\d+)(?![A-Za-z_])|([A-Za-z_*][A-Za-z0-9_/*]*))/y;
/** Dagster's older form: a key, with a `+` for each step or `*` for all of them, on either side. */
const BARE_KEY = /^(\+*|\*)([^+*\s:"()=<>]+)(\+*|\*)$/;
const ATTRIBUTES = ["key", "group", "kind", "owner", "tag"] as const;
const FUNCTIONS = ["roots", "sinks"] as const;

/** A selection as Dagster's UI and YAML write it, such as `group:gold and not key:"mart/old"+`. */
export function parseSelection(text: string): AssetSelection {
  const bare = BARE_KEY.exec(text.trim());
  if (bare !== null) return bareKey(bare[1] ?? "", bare[2] ?? "", bare[3] ?? "");
  const parser = new Parser(text);
  const selection = parser.expression();
  parser.end();
  return selection;
}

function bareKey(up: string, key: string, down: string): AssetSelection {
  const of: AssetSelection = { kind: "keys", keys: [AssetKey.from(key)] };
  const depth = (mark: string): number | null => (mark === "*" ? null : mark.length);
  const sides: AssetSelection[] = [];
  if (up !== "") sides.push({ kind: "upstream", of, depth: depth(up) });
  if (down !== "") sides.push({ kind: "downstream", of, depth: depth(down) });
  return joined("union", sides) ?? of;
}

const joined = (
  kind: "union" | "intersection",
  operands: readonly AssetSelection[],
): AssetSelection | undefined => (operands.length < 2 ? operands[0] : { kind, operands });

const ALL: AssetSelection = { kind: "all" };

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  expression(): AssetSelection {
    return this.#list("union", "or", () => this.#list("intersection", "and", () => this.#negation()));
  }

  end(): void {
    const token = this.#tokens[this.#at];
    if (token !== undefined) this.#fail(`"${token.text}" was not expected`);
  }

  #fail(problem: string): never {
    throw new DefinitionsError(`asset selection \`${this.#text}\`: ${problem}`);
  }

  #is(text: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind !== "quoted" && token?.text === text;
  }

  #take(text: string): boolean {
    const isThere = this.#is(text);
    if (isThere) this.#at++;
    return isThere;
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#fail(`"${text}" is missing`);
  }

  #list(kind: "union" | "intersection", word: string, operand: () => AssetSelection): AssetSelection {
    const first = operand();
    const more: AssetSelection[] = [];
    while (this.#take(word) || this.#take(word.toUpperCase())) more.push(operand());
    return joined(kind, [first, ...more]) ?? first;
  }

  #negation(): AssetSelection {
    if (!this.#take("not") && !this.#take("NOT")) return this.#traversal();
    return { kind: "difference", from: ALL, minus: this.#negation() };
  }

  #traversal(): AssetSelection {
    const upDigits = this.#digits();
    const up = this.#take("+");
    if (upDigits !== undefined && !up) this.#fail(`"+" is missing after ${upDigits}`);
    const of = this.#primary();
    const down = this.#take("+");
    const downDigits = down ? this.#digits() : undefined;
    const sides: AssetSelection[] = [];
    if (up) sides.push({ kind: "upstream", of, depth: upDigits ?? null });
    if (down) sides.push({ kind: "downstream", of, depth: downDigits ?? null });
    return joined("union", sides) ?? of;
  }

  #digits(): number | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "digits") return undefined;
    this.#at++;
    return Number(token.text);
  }

  #primary(): AssetSelection {
    if (this.#take("*")) return ALL;
    if (this.#take("(")) return this.#closed();
    const name = FUNCTIONS.find((candidate) => this.#is(candidate));
    if (name !== undefined) {
      this.#at++;
      this.#expect("(");
      return { kind: name, of: this.#closed() };
    }
    return this.#attribute();
  }

  #closed(): AssetSelection {
    const inner = this.expression();
    this.#expect(")");
    return inner;
  }

  #attribute(): AssetSelection {
    const name = ATTRIBUTES.find((candidate) => this.#is(candidate));
    if (name === undefined) {
      const token = this.#tokens[this.#at];
      const found = token === undefined ? "the end" : `"${token.text}"`;
      return this.#fail(`expected one of ${ATTRIBUTES.map((one) => `${one}:`).join(", ")}, found ${found}`);
    }
    this.#at++;
    this.#expect(":");
    switch (name) {
      case "key":
        return { kind: "keyPattern", pattern: this.#value(true) ?? "" };
      case "group": {
        const group = this.#value(false);
        if (group?.includes("*") === true) return { kind: "groupPattern", pattern: group };
        return { kind: "groups", groups: group === undefined ? [] : [group] };
      }
      case "kind":
        return { kind: "assetKind", name: this.#value(false) ?? null };
      case "owner":
        return { kind: "owner", owner: this.#value(false) ?? "" };
      case "tag": {
        const key = this.#value(false) ?? "";
        return { kind: "tag", key, value: this.#take("=") ? (this.#value(false) ?? "") : "" };
      }
      default:
        return name satisfies never;
    }
  }

  /** Undefined for `<null>`. */
  #value(takesWildcard: boolean): string | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind === "quoted" || (token?.kind === "word" && isPlain(token.text, takesWildcard))) {
      this.#at++;
      return token.text;
    }
    if (this.#take("<null>")) return undefined;
    return this.#fail(
      token === undefined
        ? "a value is missing at the end"
        : `the value ${token.text} must stand in quotation marks`,
    );
  }
}

const isPlain = (word: string, takesWildcard: boolean): boolean =>
  !word.includes("*") || (takesWildcard && word !== "*");

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < end) {
    const from = PATTERN.lastIndex;
    const found = PATTERN.exec(text);
    if (found === null) {
      const rest = text.slice(from).trim();
      throw new DefinitionsError(
        `asset selection \`${text}\`: cannot read "${rest}"; put values with other characters in quotation marks`,
      );
    }
    const [, symbol, quoted, digits, word] = found;
    if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol });
    else if (quoted !== undefined) tokens.push({ kind: "quoted", text: quoted });
    else if (digits !== undefined) tokens.push({ kind: "digits", text: digits });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
  }
  return tokens;
}
