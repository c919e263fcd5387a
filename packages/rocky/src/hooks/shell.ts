import { spawn } from "node:child_process";
import type { ShellHook } from "../config/index.ts";
import type { Environment } from "../ports.ts";
import { type HookContext, hookPayload } from "./context.ts";

const KEPT_OUTPUT = 2000;

/** Runs a hook's command through the shell; resolves to what went wrong, or undefined. */
export const runShellHook = (
  hook: ShellHook,
  context: HookContext,
  where: { readonly cwd: string; readonly env: Environment },
): Promise<string | undefined> =>
  new Promise((resolve) => {
    const child = spawn(hook.command, {
      shell: true,
      cwd: where.cwd,
      env: { ...where.env, ...hook.env },
      stdio: ["pipe", "ignore", "pipe"],
      // A group of its own, so that a timeout also ends what the shell started.
      detached: true,
    });
    let output = "";
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // It ended on its own in this very moment.
      }
    }, hook.timeoutMs);
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (chunk: string) => {
      output = (output + chunk).slice(-KEPT_OUTPUT);
    });
    // A command that does not read its input closes the pipe early; that is its right.
    child.stdin.on("error", () => undefined);
    child.stdin.end(JSON.stringify(hookPayload(context)));
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve(`cannot start: ${error.message}`);
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (timedOut) resolve(`took longer than ${hook.timeoutMs} ms`);
      else if (code === 0) resolve(undefined);
      else resolve([`ended with ${signal ?? `exit code ${code}`}`, output.trim()].filter(Boolean).join(": "));
    });
  });
