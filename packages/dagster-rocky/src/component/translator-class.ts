import type { ComponentLoadContext } from "@dagster-rocky/dagster";
import { RockyDagsterTranslator } from "../translator/translator.ts";
import { reasonOf } from "./component-error.ts";
import { invalid } from "./values.ts";

/** An instance of the class that `translator_class` names: an export of one of the project's modules. */
export async function importTranslator(
  name: string,
  context: ComponentLoadContext,
): Promise<RockyDagsterTranslator> {
  const at = "translator_class";
  if (!context.importExport) throw invalid(at, "this code location cannot import modules of the project");
  let found: unknown;
  try {
    found = await context.importExport(name);
  } catch (error) {
    throw invalid(at, reasonOf(error));
  }
  if (typeof found !== "function") throw invalid(at, `${name} is not a class`);
  const translator: unknown = new (found as new () => unknown)();
  if (isTranslator(translator)) return translator;
  throw invalid(at, `${name} does not extend RockyDagsterTranslator`);
}

/** By its methods: a project may have a copy of this package of its own. */
const isTranslator = (value: unknown): value is RockyDagsterTranslator =>
  value instanceof RockyDagsterTranslator ||
  (typeof value === "object" &&
    value !== null &&
    Object.getOwnPropertyNames(RockyDagsterTranslator.prototype).every(
      (method) => typeof (value as Readonly<Record<string, unknown>>)[method] === "function",
    ));
