import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** Answers of a script of this folder, one for each case, from as many interpreters as there are processors. */
export async function askPeer<A>(
  python: string,
  script: string,
  cases: readonly unknown[],
): Promise<readonly A[]> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const size = Math.ceil(cases.length / availableParallelism());
  const parts = Array.from({ length: Math.ceil(cases.length / size) }, (_, i) =>
    cases.slice(i * size, (i + 1) * size),
  );
  const answers = await Promise.all(parts.map((part) => askOne<A>(python, path, part)));
  return answers.flat();
}

async function askOne<A>(python: string, path: string, cases: readonly unknown[]): Promise<readonly A[]> {
  const child = spawn(python, [path], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(cases.map((case_) => `${JSON.stringify(case_)}\n`).join(""));
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  if (code !== 0) throw new Error(`${path} ended with ${code}`);
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as A);
}
