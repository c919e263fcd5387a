import { Failure, type MetadataInput } from "@dagster-rocky/dagster";

/** One thing that went wrong, for people. */
export interface Problem {
  /** An asset or a model; absent when the engine did not say what failed. */
  readonly subject?: string;
  readonly reason: string;
}

const LONGEST_REASON = 600;
const MOST_LINES = 5;
const LONGEST_TEXT = 3_600;

const oneProblem = ({ subject, reason }: Problem): string => {
  const text = reason.trim();
  const cut = text.length <= LONGEST_REASON ? text : `${text.slice(0, LONGEST_REASON)} …`;
  return subject === undefined ? cut : `${subject}: ${cut}`;
};

/** A few problems in full and the number of the others; the log has them all. */
export const problemText = (headline: string, problems: readonly Problem[]): string => {
  const [only] = problems;
  if (only !== undefined && problems.length === 1)
    return `${headline}: ${oneProblem(only)}`.slice(0, LONGEST_TEXT);
  const shown = problems.slice(0, MOST_LINES).map((problem) => `- ${oneProblem(problem)}`);
  const rest = problems.length - shown.length;
  const lines = [`${headline}:`, ...shown, ...(rest > 0 ? [`- and ${rest} more, see the log`] : [])];
  return lines.join("\n").slice(0, LONGEST_TEXT);
};

export const problemFailure = (
  headline: string,
  problems: readonly Problem[],
  options: { readonly metadata?: MetadataInput; readonly allowRetries?: boolean } = {},
): Failure => new Failure(problemText(headline, problems), options);
