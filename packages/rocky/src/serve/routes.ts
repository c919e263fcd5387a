/** What a request asks for: a command line of the engine, a job, or nothing that exists. */
export type Route =
  | { readonly kind: "command"; readonly argv: readonly string[]; readonly model?: string }
  | { readonly kind: "health" }
  | { readonly kind: "job"; readonly id: string }
  | { readonly kind: "submit"; readonly job: JobKind }
  | { readonly kind: "unknown" };

export type JobKind = "run" | "plan" | "apply";

const PREFIX = "/api/v1/";

/** A path segment becomes one command line word; one that looks like a flag must stay an argument. */
const word = (segment: string): string => decodeURIComponent(segment);

const flag = (name: string, value: string | null): readonly string[] =>
  value === null ? [] : [`--${name}=${value}`];

const modelRoute = (
  segments: readonly string[],
  models: readonly string[],
  query: URLSearchParams,
): Route => {
  const [first = "", what, column] = segments;
  const model = word(first);
  if (what === "lineage" && segments.length <= 3) {
    const wanted = column === undefined ? [] : [`--column=${word(column)}`];
    const direction = query.get("direction") === "downstream" ? ["--downstream"] : [];
    return { kind: "command", model, argv: ["lineage", ...models, ...wanted, ...direction, "--", model] };
  }
  if (what === "metrics" && segments.length === 2) {
    const trend = query.get("trend") === "true" ? ["--trend"] : [];
    return {
      kind: "command",
      model,
      argv: ["metrics", ...trend, ...flag("column", query.get("column")), "--", model],
    };
  }
  if (what === "history" && segments.length === 2) {
    return { kind: "command", model, argv: ["history", `--model=${model}`] };
  }
  return { kind: "unknown" };
};

/** Finds out what a request wants. `models` are the flags that say where the models lie. */
export const routeOf = (method: string, url: URL, models: readonly string[]): Route => {
  if (!url.pathname.startsWith(PREFIX)) return { kind: "unknown" };
  const segments = url.pathname.slice(PREFIX.length).split("/");
  const [first = "", second] = segments;
  if (method === "POST") {
    const [name, ...more] = first === "jobs" ? segments.slice(1) : segments;
    const submits = more.length === 0 && (name === "run" || name === "plan" || name === "apply");
    return submits ? { kind: "submit", job: name } : { kind: "unknown" };
  }
  if (method !== "GET") return { kind: "unknown" };
  if (first === "jobs" && second !== undefined && segments.length === 2)
    return { kind: "job", id: word(second) };
  if (first === "models" && segments.length > 1)
    return modelRoute(segments.slice(1), models, url.searchParams);
  if (segments.length > 1) return { kind: "unknown" };
  switch (first) {
    case "health":
      return { kind: "health" };
    case "compile":
      return {
        kind: "command",
        argv: ["compile", ...models, ...flag("model", url.searchParams.get("model"))],
      };
    case "dag": {
      const lineage = url.searchParams.get("column_lineage") === "true" ? ["--column-lineage"] : [];
      return { kind: "command", argv: ["dag", ...models, ...lineage] };
    }
    case "models":
      return { kind: "command", argv: ["list", "models", ...models] };
    case "history":
    case "state":
      return { kind: "command", argv: [first] };
    default:
      return { kind: "unknown" };
  }
};
