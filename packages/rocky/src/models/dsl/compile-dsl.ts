import { RockyError } from "../../errors.ts";
import { lowerProgram } from "./lower.ts";
import { parseProgram } from "./parse.ts";
import { DslProblem } from "./tokens.ts";

/** Turns a `.rocky` file into SQL. Throws a `RockyError` with file, line and column. */
export const compileDsl = (source: string, file: string, lineOffset = 0): string => {
  try {
    return lowerProgram(parseProgram(source));
  } catch (thrown) {
    if (!(thrown instanceof DslProblem)) throw thrown;
    throw new RockyError("model_invalid", thrown.message, {
      where: { file, line: thrown.line + lineOffset, column: thrown.column },
      ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
    });
  }
};
