import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";

/** A PostgreSQL server of our own, in a folder of its own. */
export interface PostgresServer {
  readonly port: number;
  /** Creates an empty database and gives its URL. */
  createDatabase(name: string): string;
  restart(): void;
  stop(): void;
}

const DEBIAN = "/usr/lib/postgresql";

function binaries(): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, "bin")),
    ...(process.env.PATH ?? "").split(delimiter),
  ];
  const found = folders.find((folder) => existsSync(join(folder, "initdb")));
  if (found === undefined)
    throw new Error("a PostgreSQL server is needed (Debian: apt-get install postgresql)");
  return found;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

export async function startPostgres(work: string): Promise<PostgresServer> {
  const bin = binaries();
  const port = await freePort();
  const data = join(work, "data");
  const isRoot = process.getuid?.() === 0;
  mkdirSync(data, { recursive: true });
  // The server refuses to run as root, as containers often do.
  const run = (program: string, ...args: readonly string[]): string => {
    const command = join(bin, program);
    const [file, argv] = isRoot ? ["runuser", ["-u", "postgres", "--", command, ...args]] : [command, args];
    const { status, stdout, stderr, error } = spawnSync(file as string, argv as string[], {
      encoding: "utf8",
      cwd: "/",
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? ""}${stderr}${stdout}`);
    return stdout;
  };
  if (isRoot) {
    const [uid, gid] = ["-u", "-g"].map((flag) =>
      Number(spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout),
    );
    for (const folder of [work, data]) chownSync(folder, uid ?? 0, gid ?? 0);
  }
  run("initdb", "-D", data, "-U", "dagster", "-A", "trust", "--no-sync");
  const settings = `-p ${port} -k ${data} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200`;
  const log = join(data, "server.log");
  run("pg_ctl", "-D", data, "-w", "-o", settings, "-l", log, "start");
  return {
    port,
    createDatabase: (name) => {
      run("createdb", "-h", "127.0.0.1", "-p", String(port), "-U", "dagster", name);
      return `postgresql://dagster@127.0.0.1:${port}/${name}`;
    },
    restart: () => void run("pg_ctl", "-D", data, "-w", "-m", "fast", "-o", settings, "-l", log, "restart"),
    stop: () => void run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"),
  };
}
