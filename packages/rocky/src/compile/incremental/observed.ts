import type { Environment, Files } from "../../ports.ts";

/** Files that note what is read and listed through them, so that two readings can be compared. */
export const observedFiles = (files: Files): { readonly files: Files; readonly seen: () => string } => {
  const seen: string[] = [];
  const note = <T>(path: string, answer: T): T => {
    seen.push(JSON.stringify([path, answer ?? null]));
    return answer;
  };
  return {
    files: {
      read: (path) => note(path, files.read(path)),
      list: (path) => note(path, files.list(path)),
      kind: (path) => note(path, files.kind(path)),
      ...(files.warn === undefined ? {} : { warn: files.warn }),
    },
    seen: () => seen.join("\n"),
  };
};

/** An environment that remembers which variables were asked for. */
export const observedEnvironment = (
  env: Environment,
): { readonly env: Environment; readonly asked: ReadonlySet<string> } => {
  const asked = new Set<string>();
  const observed = new Proxy(env, {
    get: (target, name) => {
      if (typeof name !== "string") return undefined;
      asked.add(name);
      return target[name];
    },
  });
  return { env: observed, asked };
};
