import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { RockyError } from "../errors.ts";
import { joinPath } from "../paths.ts";
import { type Files, memoryFiles } from "../ports.ts";

/** Runs git and answers its standard output. */
const git = (cwd: string, args: readonly string[], input = ""): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const child = spawn("git", [...args], { cwd, stdio: ["pipe", "pipe", "pipe"] });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.on("error", (cause) =>
      reject(
        new RockyError("io_failed", "git cannot be started", {
          cause,
          hint: "install git, or put it on PATH",
        }),
      ),
    );
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(output));
      else
        reject(
          new RockyError(
            "io_failed",
            `git ${args[0] ?? ""} failed: ${Buffer.concat(errors).toString().trim()}`,
          ),
        );
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });

const existing = (directory: string): string =>
  existsSync(directory) || dirname(directory) === directory ? directory : existing(dirname(directory));

/**
 * The files below some directories as they were at a commit, branch or tag, in the repository that holds the first of
 * them. Paths begin with the directory as it is given, which may be absolute.
 */
export const filesAtRef = async (
  cwd: string,
  ref: string,
  directories: readonly string[],
): Promise<Files> => {
  if (ref.startsWith("-")) throw new RockyError("usage", `'${ref}' is no git reference`);
  const roots = directories.map((directory) => ({ directory, path: resolve(cwd, directory) }));
  // Not `cwd`: a configuration elsewhere has its models elsewhere.
  const home = existing(roots[0]?.path ?? cwd);
  const asked = roots.map(({ path }) => relative(home, path) || ".");
  const listing = await git(home, ["ls-tree", "-r", "-z", ref, "--", ...asked]).catch((thrown: unknown) => {
    const reason = RockyError.from(thrown).message;
    throw new RockyError("unknown_name", `cannot read the models at '${ref}': ${reason}`, {
      hint: "name a branch, tag or commit of this repository",
    });
  });
  const named = (path: string): string | undefined => {
    const file = resolve(home, path);
    const root = roots.find((one) => file.startsWith(`${one.path}${sep}`));
    return root && joinPath(root.directory, relative(root.path, file).replaceAll(sep, "/"));
  };
  const entries = listing
    .toString()
    .split("\0")
    .flatMap((line) => {
      const match = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(line);
      const path = named(match?.[2] ?? "");
      return match?.[1] === undefined || path === undefined ? [] : [{ id: match[1], path }];
    });
  const blobs = await git(home, ["cat-file", "--batch"], entries.map(({ id }) => `${id}\n`).join(""));
  const contents: Record<string, string> = {};
  let offset = 0;
  for (const { path } of entries) {
    const header = blobs.indexOf(0x0a, offset);
    const size = Number(blobs.subarray(offset, header).toString().split(" ")[2]);
    contents[path] = blobs.subarray(header + 1, header + 1 + size).toString("utf8");
    offset = header + 1 + size + 1;
  }
  return memoryFiles(contents);
};
