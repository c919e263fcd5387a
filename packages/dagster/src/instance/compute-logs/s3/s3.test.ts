import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "../../config-values.ts";
import { createCredentialChain } from "./credentials.ts";
import { openS3ComputeLogs } from "./open.ts";
import { objectUrl } from "./put-object.ts";
import { signedHeaders } from "./sign.ts";

const env = {
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};

it("signs as AWS's published example does", async () => {
  const headers = signedHeaders(
    {
      method: "GET",
      url: new URL("https://example.amazonaws.com/"),
      headers: {},
      body: new Uint8Array(),
      region: "us-east-1",
      service: "service",
      at: new Date("2015-08-30T12:36:00Z"),
    },
    await createCredentialChain(env)(),
  );
  expect(headers.authorization).toMatch(
    /Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31$/,
  );
});

it("reads a shared credentials file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "aws-"));
  const file = join(folder, "credentials");
  writeFileSync(
    file,
    "[default]\naws_access_key_id=a\n[team]\naws_access_key_id = b\naws_secret_access_key= s=1 \n# x\n",
  );
  const chain = createCredentialChain({ AWS_SHARED_CREDENTIALS_FILE: file, AWS_PROFILE: "team" });
  expect(await chain()).toEqual({ accessKeyId: "b", secretAccessKey: "s=1" });
  rmSync(folder, { recursive: true });
});

it("addresses buckets by host, or by path where a certificate would not fit", () => {
  const target = {
    bucket: "b",
    region: "eu-west-1",
    endpointUrl: undefined,
    useSsl: true,
    verify: true,
    certificateFile: undefined,
    headers: {},
  };
  expect(objectUrl(target, "p/a b.out").href).toBe("https://b.s3.eu-west-1.amazonaws.com/p/a%20b.out");
  expect(objectUrl({ ...target, bucket: "b.c" }, "k").href).toBe("https://s3.eu-west-1.amazonaws.com/b.c/k");
  expect(objectUrl({ ...target, endpointUrl: "http://store:9000/" }, "k").href).toBe("http://store:9000/b/k");
});

describe("captured output", () => {
  const objects = new Map<string, string>();
  const answers: number[] = [];
  let folder: string;
  let address: string;
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const status = answers.shift() ?? 200;
      if (status === 200) objects.set(request.url ?? "", body);
      response.writeHead(status).end(status === 200 ? "" : "<Error><Code>AccessDenied</Code></Error>");
    });
  });

  beforeEach(async () => {
    objects.clear();
    answers.length = 0;
    folder = mkdtempSync(join(tmpdir(), "s3-"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (config: object = {}) =>
    openS3ComputeLogs(
      readConfig({ bucket: "logs", local_dir: folder, endpoint_url: address, ...config }, "config", env),
      env,
    ).open(["run", "compute_logs", "abc"]);

  it("goes to the bucket when the capture ends, and leaves nothing behind", async () => {
    const capture = open({ prefix: "team/" });
    capture.write("stdout", "hello\n");
    await capture.close();
    expect([...objects]).toEqual([
      ["/logs/team/storage/run/compute_logs/abc.out", "hello\n"],
      ["/logs/team/storage/run/compute_logs/abc.err", ""],
    ]);
    expect(existsSync(join(folder, "run/compute_logs/abc.out"))).toBe(false);
  });

  it("goes there in between, when asked for, and tries again when the service is away", async () => {
    answers.push(503);
    const capture = open({ upload_interval: 0.05, skip_empty_files: true });
    capture.write("stderr", "so far");
    while (!objects.has("/logs/dagster/storage/run/compute_logs/abc.err.partial")) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await capture.close();
    expect([...objects.keys()].sort()).toEqual([
      "/logs/dagster/storage/run/compute_logs/abc.err",
      "/logs/dagster/storage/run/compute_logs/abc.err.partial",
    ]);
  });

  it("keeps what there is when the disk was full, and says so", async () => {
    const path = join(folder, "run/compute_logs/abc.out");
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync("/dev/full", path);
    const capture = open();
    capture.write("stderr", "before\n");
    capture.write("stdout", "lost\n");
    // The device would give zeros without end.
    rmSync(path);
    writeFileSync(path, "");
    await expect(capture.close()).rejects.toThrow("incomplete");
    expect(objects.get("/logs/dagster/storage/run/compute_logs/abc.err")).toBe("before\n");
    expect(existsSync(join(folder, "run/compute_logs/abc.err"))).toBe(false);
  });

  it("says why it could not be written", async () => {
    answers.push(403);
    const capture = open();
    await expect(capture.close()).rejects.toThrow(
      "s3://logs/dagster/storage/run/compute_logs/abc.out could not be written: status 403 AccessDenied",
    );
  });
});

async function read(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
