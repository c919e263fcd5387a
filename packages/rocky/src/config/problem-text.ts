import type { Problem } from "./reader.ts";

/** More than this many at once help nobody, and a hostile file could hold millions. */
const SHOWN = 20;

const parentOf = (path: readonly string[]): string => path.slice(0, -1).join(".");

const explains = (typo: Problem): string =>
  [parentOf(typo.path), typo.near].filter((part) => part !== "").join(".");

/**
 * What to tell first: keys that look mistyped, then the rest in the order of reading. A field that is missing only
 * because its name is mistyped is not told at all. A typo that would be a mere warning is told when there are errors,
 * because it may be why. Empty when there are no errors.
 */
export const arrangeProblems = (problems: readonly Problem[]): readonly Problem[] => {
  if (!problems.some((problem) => problem.severity === "error")) return [];
  const typos = problems.filter((problem) => problem.near !== undefined);
  const explained = new Set(typos.map(explains));
  const others = problems.filter(
    (problem) =>
      problem.severity === "error" &&
      problem.near === undefined &&
      !(problem.missing === true && explained.has(problem.path.join("."))),
  );
  return [...typos, ...others];
};

/** The text of several problems: the first one, and a line for each other with its place and its hint. */
export const describeProblems = (
  problems: readonly Problem[],
  placeOf: (problem: Problem) => string,
): string => {
  const [first, ...others] = problems;
  const lines = others.slice(0, SHOWN - 1).map((problem) => {
    const near = problem.near === undefined ? problem.hint : `did you mean '${problem.near}'?`;
    return `\n  also ${problem.message} (${placeOf(problem)}${near === undefined ? "" : `; ${near}`})`;
  });
  const more = others.length - lines.length;
  return `${first?.message ?? "invalid"}${lines.join("")}${more > 0 ? `\n  and ${more} more` : ""}`;
};
