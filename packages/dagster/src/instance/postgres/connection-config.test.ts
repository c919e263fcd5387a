import { describe, expect, it } from "vitest";
import { readConfig } from "../config-values.ts";
import { connectionTarget } from "./connection-config.ts";
import { isConnectionLost, isRetryableConflict } from "./failures.ts";

const target = (config: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}) =>
  connectionTarget(readConfig(config, "config of PostgresRunStorage", env));

describe("where a PostgreSQL storage is", () => {
  it("is read from a URL, whatever driver it names", () => {
    const { options, name } = target({
      postgres_url:
        "postgresql+psycopg2://me:p%40ss@db.example:6432/dag%20ster?sslmode=disable&options=-c%20x%3D1",
    });
    expect(options).toMatchObject({
      user: "me",
      password: "p@ss",
      host: "db.example",
      port: 6432,
      database: "dag ster",
    });
    expect(options).toMatchObject({ ssl: false, options: "-c x=1" });
    expect(name).toBe("PostgreSQL database dag ster at db.example:6432");
    expect(target({ postgres_url: "postgresql:///d?host=/var/run" }).options).toMatchObject({
      host: "/var/run",
      port: 5432,
    });
  });

  it("is read from parts, with values of the environment", () => {
    const config = {
      postgres_db: {
        username: "me",
        password: { env: "PG_PASSWORD" },
        hostname: "db",
        db_name: "d",
        port: 5433,
        params: { sslmode: "require" },
      },
    };
    expect(target(config, { PG_PASSWORD: "secret" }).options).toMatchObject({
      user: "me",
      password: "secret",
      host: "db",
      port: 5433,
      ssl: { rejectUnauthorized: false },
    });
    expect(() => target(config)).toThrow(/PG_PASSWORD, which is not set/);
  });

  it("is refused with a reason, and without the secret", () => {
    expect(() => target({})).toThrow(/neither `postgres_url` nor `postgres_db`/);
    expect(() => target({ postgres_url: "mysql://me:secret@db/d" })).toThrow(
      /must begin with `postgresql:\/\/`$/,
    );
    expect(() => target({ postgres_url: "postgresql://d?sslmode=maybe" })).toThrow(
      "sslmode `maybe` is unknown",
    );
    expect(() => target({ auth_provider: { aws_wif: { region: "eu-west-1" } } })).toThrow(
      /`auth_provider: aws_wif`, which this code location does not support/,
    );
  });
});

it("tells lost connections and undone transactions from other errors", () => {
  const error = (code: string) => Object.assign(new Error("x"), { code });
  expect(["57P01", "08006", "ECONNREFUSED"].map((code) => isConnectionLost(error(code)))).toEqual([
    true,
    true,
    true,
  ]);
  expect(isConnectionLost(new Error("Connection terminated unexpectedly"))).toBe(true);
  expect([isConnectionLost(error("23505")), isRetryableConflict(error("40P01"))]).toEqual([false, true]);
});
