/**
 * The ways in which Dagster starts and reaches a code server: TCP, unix socket, TLS, heartbeats, a webserver that
 * spawns it, a launcher that runs `api execute_run`. The interpreter with Dagster is in PEER_PYTHON.
 */
import { type ChildProcess, execFile } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, Processes, waitFor } from "../../tools/processes.ts";
import { Report } from "../report.ts";
import { judgeSideBySide } from "./side-by-side.ts";
import { startWebserver } from "./webserver.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const command = join(root, "packages/dagster/bin/dagster-ts.js");
const python = process.env.PEER_PYTHON ?? "";
const report = new Report();
const processes = new Processes();

interface Output {
  readonly code: number;
  readonly text: string;
}

const capture = (program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Output> =>
  new Promise((resolve) => {
    execFile(program, [...args], { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      resolve({
        code: typeof error?.code === "number" ? error.code : error === null ? 0 : 1,
        text: stdout + stderr,
      });
    });
  });

const stageProject = (folder: string): string => {
  const project = join(folder, "project");
  cpSync(join(here, "../code-location/project"), project, { recursive: true });
  // Versioned state needs an instance, which these servers are not told of.
  rmSync(join(project, "defs/archive"), { recursive: true });
  mkdirSync(join(project, "node_modules"));
  symlinkSync(join(root, "node_modules/@dagster-rocky"), join(project, "node_modules/@dagster-rocky"));
  return project;
};

const start = (
  name: string,
  work: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcess =>
  processes.start(name, process.execPath, [command, ...args], { env, log: join(work, `${name}.log`) });

const ended = (child: ChildProcess, seconds: number): Promise<number | null | "still running"> =>
  Promise.race([
    child.exitCode !== null
      ? Promise.resolve(child.exitCode)
      : new Promise<number | null>((resolve) => child.once("exit", resolve)),
    new Promise<"still running">((resolve) => setTimeout(() => resolve("still running"), seconds * 1000)),
  ]);

const healthy = (args: readonly string[]) =>
  waitFor("a healthy server", 30, async () =>
    (await capture(process.execPath, [command, "api", "grpc-health-check", ...args])).code === 0
      ? true
      : undefined,
  );

const judgeTransports = async (work: string, project: string): Promise<void> => {
  const socket = join(work, "s.sock");
  start("socket", work, ["api", "grpc", "--socket", socket, "--working-directory", project]);
  await healthy(["--socket", socket]);
  const overSocket = await capture(python, [join(here, "client.py"), "socket", socket]);
  report.check("unix socket", overSocket.text.startsWith("pong\nlist\nSERVING"), overSocket.text);

  const [key, certificate] = [join(work, "key.pem"), join(work, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const made = await capture("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", key, "-out", certificate],
    ...subject,
  ]);
  report.check("a certificate for the test", made.code === 0, made.text);
  const port = await freePort();
  start("tls", work, [
    ...["serve", "--project", project, "--port", `${port}`, "--tls-cert", certificate, "--tls-key", key],
  ]);
  const overTls = await waitFor("an answer over TLS", 30, async () => {
    const output = await capture(python, [join(here, "client.py"), "tls", `${port}`], {
      GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: certificate,
    });
    return output.code === 0 ? output : undefined;
  });
  report.check("TLS", overTls.text.startsWith("pong\nlist"), overTls.text);

  const second = await capture(process.execPath, [
    command,
    "serve",
    "--project",
    project,
    "--port",
    `${port}`,
  ]);
  const isClear = second.code === 1 && second.text.includes(`port ${port} on localhost is in use`);
  report.check("a port in use is a clear error", isClear, second.text);
};

const judgeHeartbeat = async (work: string, project: string): Promise<void> => {
  const port = await freePort();
  const args = [
    "-m",
    "dagster",
    "api",
    "grpc",
    "-p",
    `${port}`,
    "-d",
    project,
    "--heartbeat",
    "--heartbeat-timeout",
    "3",
  ];
  const server = start("heartbeat", work, [...args, "--lazy-load-user-code", "--some-new-flag", "value"]);
  await healthy(["-p", `${port}`]);
  report.check("a server without heartbeats ends", (await ended(server, 15)) === 0);
};

const judgeMethods = async (work: string, original: string): Promise<void> => {
  // Its state is refreshed, which the other servers need not notice.
  const project = join(work, "refreshed-project");
  cpSync(original, project, { recursive: true, verbatimSymlinks: true });
  const home = join(work, "methods");
  mkdirSync(home);
  const port = await freePort();
  const server = start("methods", work, ["code-server", "start", "-p", `${port}`, "-d", project]);
  await healthy(["-p", `${port}`]);
  const { text } = await capture(python, [join(here, "methods.py"), `${port}`], { DAGSTER_HOME: home });
  report.add(text);
  report.check("every method was tried", /all \d+ methods were called/.test(text), text.slice(-800));
  report.check("a server that was told to shut down ends", (await ended(server, 15)) === 0);
};

const judgeManagedMode = async (work: string, project: string): Promise<void> => {
  const shim = join(work, "dagster-shim");
  writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`);
  chmodSync(shim, 0o755);
  const target = { module_name: "shop", executable_path: shim, working_directory: project };
  const host = await startWebserver(processes, python, join(work, "managed"), [
    { python_module: { ...target, location_name: "managed" } },
  ]);
  const assets = await waitFor("a location that the webserver started", 60, async () => {
    const { assetNodes } = await host.graphql.query<{ assetNodes: { id: string }[] }>(
      "{ assetNodes { id } }",
    );
    return assetNodes.length > 0 ? assetNodes.length : undefined;
  });
  report.check("the webserver starts and shows the location", assets === 5, assets);
};

const judgeExecuteRun = async (work: string, project: string): Promise<void> => {
  const home = join(work, "launched");
  mkdirSync(home);
  const env = { DAGSTER_HOME: home };
  const port = await freePort();
  start("launch", work, ["api", "grpc", "-p", `${port}`, "-d", project]);
  await healthy(["-p", `${port}`]);
  for (const [asset, code, status] of [
    ["orders", 0, "SUCCESS"],
    ["broken", 1, "FAILURE"],
  ] as const) {
    const planned = await capture(python, [join(here, "launch.py"), `${port}`, asset], env);
    const line = planned.text.split("\n").find((text) => text.startsWith('{"runId"'));
    report.check(`a launcher's command line for ${asset}`, line !== undefined, planned.text.slice(-600));
    if (line === undefined) continue;
    const { runId, argv } = JSON.parse(line) as { runId: string; argv: string[] };
    const [program = "", ...args] = argv;
    const output = await capture(program, args, env);
    report.check(`its exit code is ${code}`, output.code === code, output.text.slice(-600));
    const found = await capture(python, [join(here, "status.py"), runId], env);
    report.check(`its run ends as ${status}`, found.text.includes(status), found.text);
  }
};

const main = async (): Promise<number> => {
  if (python === "") {
    console.log("PEER_PYTHON is needed\n0 passed, 1 failed");
    return 1;
  }
  const work = mkdtempSync(join(tmpdir(), "serving-"));
  try {
    const project = stageProject(work);
    await judgeTransports(work, project);
    await judgeHeartbeat(work, project);
    await judgeExecuteRun(work, project);
    await judgeMethods(work, project);
    await judgeManagedMode(work, project);
    await judgeSideBySide({ processes, report, python, work, project, start, healthy });
  } catch (error) {
    report.check("the suite reached its end", false, error instanceof Error ? error.message : String(error));
  } finally {
    await processes.stop();
    if (process.env.KEEP === undefined) rmSync(work, { recursive: true, force: true });
    else console.log(`kept ${work} (${existsSync(work)})`);
  }
  return report.close();
};

process.exitCode = await main();
