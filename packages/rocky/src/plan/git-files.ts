import { spawn } from "node:child_process";
import { RockyError } from "../errors.ts";
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

/** The files below some directories as they were at a commit, branch or tag; paths as seen from `cwd`. */
export const filesAtRef = async (
  cwd: string,
  ref: string,
  directories: readonly string[],
): Promise<Files> => {
  if (ref.startsWith("-")) throw new RockyError("usage", `'${ref}' is no git reference`);
  const listing = await git(cwd, ["ls-tree", "-r", "-z", ref, "--", ...directories]).catch(
    (thrown: unknown) => {
      const reason = RockyError.from(thrown).message;
      throw new RockyError("unknown_name", `cannot read the models at '${ref}': ${reason}`, {
        hint: "name a branch, tag or commit of this repository",
      });
    },
  );
  const entries = listing
    .toString()
    .split("\0")
    .flatMap((line) => {
      const match = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(line);
      return match?.[1] === undefined || match[2] === undefined ? [] : [{ id: match[1], path: match[2] }];
    });
  const blobs = await git(cwd, ["cat-file", "--batch"], entries.map(({ id }) => `${id}\n`).join(""));
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
