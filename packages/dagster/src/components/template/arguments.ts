import { DefinitionsError } from "../../definitions/errors.ts";
import { TemplateError } from "./tokens.ts";
import { Opaque, pythonText, TemplateFunction } from "./values.ts";

type Given = ReadonlyMap<string, unknown>;

/** Arguments of one call, by the names that Dagster documents. */
export class Arguments {
  readonly #function: string;
  readonly #given: Given;

  constructor(name: string, given: Given) {
    this.#function = name;
    this.#given = given;
  }

  #fail(name: string, expected: string): never {
    throw new TemplateError(`${this.#function}: ${name} must be ${expected}`);
  }

  has(name: string): boolean {
    return (this.#given.get(name) ?? null) !== null;
  }

  raw(name: string): unknown {
    return this.#given.get(name);
  }

  text(name: string): string {
    const value = this.#given.get(name);
    if (typeof value === "string") return value;
    return this.#fail(name, "a text");
  }

  number(name: string): number {
    const value = this.#given.get(name);
    if (typeof value === "number") return value;
    return this.#fail(name, "a number");
  }

  texts(name: string): readonly string[] {
    const value = this.#given.get(name);
    if (Array.isArray(value)) return value.map(pythonText);
    return this.#fail(name, "a list of texts");
  }

  /** A value that another function of the scope made. */
  made<T>(name: string, is: (value: unknown) => value is T, what: string): T {
    const value = this.#given.get(name);
    if (value instanceof Opaque && is(value.value)) return value.value;
    return this.#fail(name, what);
  }
}

/** A function with Python's way of passing arguments: by position or by name. */
export const templateFunction = (
  name: string,
  parameters: readonly string[],
  call: (args: Arguments) => unknown,
): TemplateFunction =>
  new TemplateFunction(name, (positional, named) => {
    const given = new Map<string, unknown>();
    if (positional.length > parameters.length) {
      throw new TemplateError(`${name} takes ${parameters.length} arguments, got ${positional.length}`);
    }
    for (const [index, value] of positional.entries()) given.set(parameters[index] ?? "", value);
    for (const [key, value] of Object.entries(named)) {
      if (!parameters.includes(key)) {
        throw new TemplateError(
          `${name} has no argument "${key}"; it takes ${parameters.join(", ") || "none"}`,
        );
      }
      given.set(key, value);
    }
    try {
      return call(new Arguments(name, given));
    } catch (error) {
      // What a definition refuses is an error of the template, which knows its line.
      if (error instanceof DefinitionsError) throw new TemplateError(`${name}: ${error.message}`);
      throw error;
    }
  });
