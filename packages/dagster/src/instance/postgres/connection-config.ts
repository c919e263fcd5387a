import { readFileSync } from "node:fs";
import type { ClientConfig } from "pg";
import type { ConfigReader } from "../config-values.ts";
import { StorageError } from "../errors.ts";

/** How to reach a database: the client's options, and a name without secrets for messages. */
export interface ConnectionTarget {
  readonly options: ClientConfig;
  readonly name: string;
  /** Equal for equal targets. */
  readonly id: string;
}

const DEFAULT_PORT = 5432;

/** Reads `postgres_url`, or the parts under `postgres_db`. */
export function connectionTarget(config: ConfigReader): ConnectionTarget {
  const provider = config.section("auth_provider");
  if (provider !== undefined) {
    const name = provider.keys[0] ?? "unknown";
    throw new StorageError(
      "bad_config",
      `the PostgreSQL storage of this instance signs in with tokens of \`auth_provider: ${name}\`, which this code location does not support. Give it a user with a password, in \`postgres_db\` or \`postgres_url\`.`,
    );
  }
  const url = config.text("postgres_url");
  if (url !== undefined) return fromUrl(url);
  const parts = config.section("postgres_db");
  if (parts === undefined) {
    throw new StorageError(
      "bad_config",
      "the PostgreSQL storage has neither `postgres_url` nor `postgres_db`",
    );
  }
  const params = parts.section("params");
  return target({
    user: parts.text("username"),
    password: parts.text("password"),
    host: parts.text("hostname"),
    port: parts.number("port"),
    database: parts.text("db_name"),
    params: Object.fromEntries((params?.keys ?? []).map((key) => [key, params?.text(key) ?? ""])),
  });
}

/** SQLAlchemy's form may name a driver (`postgresql+psycopg2://`), and a socket folder as `?host=`. */
function fromUrl(text: string): ConnectionTarget {
  const match = /^postgres(?:ql)?(?:\+\w+)?:\/\/(.*)$/s.exec(text);
  let url: URL;
  try {
    // A scheme that URL treats as special parses empty hosts differently; this one does not.
    url = new URL(`postgresql://${match?.[1] ?? ""}`);
  } catch (cause) {
    throw new StorageError("bad_config", "`postgres_url` is not a URL", { cause });
  }
  if (match === null) throw new StorageError("bad_config", "`postgres_url` must begin with `postgresql://`");
  const part = (value: string): string | undefined => (value === "" ? undefined : decodeURIComponent(value));
  return target({
    user: part(url.username),
    password: part(url.password),
    host: part(url.hostname),
    port: url.port === "" ? undefined : Number(url.port),
    database: part(url.pathname.slice(1)),
    params: Object.fromEntries(url.searchParams),
  });
}

interface Parts {
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly database: string | undefined;
  readonly params: Readonly<Record<string, string>>;
}

function target({ user, password, host: named, port: given, database, params }: Parts): ConnectionTarget {
  const host = named ?? params.host ?? "localhost";
  const port = given ?? Number(params.port ?? DEFAULT_PORT);
  const options: ClientConfig = {
    host,
    port,
    ssl: sslOptions(params),
    application_name: params.application_name ?? "dagster code location",
    connectionTimeoutMillis: Number(params.connect_timeout ?? 10) * 1000,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ...(params.options === undefined ? {} : { options: params.options }),
  };
  return {
    options,
    name: `PostgreSQL database ${database ?? user ?? ""} at ${host}:${port}`,
    id: JSON.stringify(options),
  };
}

/** As libpq reads `sslmode`, except that `prefer` and `allow` stay unencrypted: they promise nothing. */
function sslOptions(params: Readonly<Record<string, string>>): ClientConfig["ssl"] {
  const mode = params.sslmode ?? "prefer";
  const file = (key: string): { readonly text: string } | undefined => {
    const path = params[key];
    return path === undefined ? undefined : { text: readFileSync(path, "utf8") };
  };
  const ca = file("sslrootcert")?.text;
  const certificates = { cert: file("sslcert")?.text, key: file("sslkey")?.text };
  switch (mode) {
    case "disable":
    case "allow":
    case "prefer":
      return false;
    case "require":
      return { ...certificates, ca, rejectUnauthorized: ca !== undefined };
    case "verify-ca":
      return { ...certificates, ca, rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case "verify-full":
      return { ...certificates, ca, rejectUnauthorized: true };
    default:
      throw new StorageError("bad_config", `sslmode \`${mode}\` is unknown`);
  }
}
