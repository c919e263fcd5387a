import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { AwsCredentials } from "./sign.ts";
import { encodeSegment, signedHeaders } from "./sign.ts";

export interface BucketTarget {
  readonly bucket: string;
  readonly region: string;
  /** Another service than AWS's own, such as a MinIO server. */
  readonly endpointUrl: string | undefined;
  readonly useSsl: boolean;
  /** False accepts any certificate. */
  readonly verify: boolean;
  readonly certificateFile: string | undefined;
  /** Extra headers of each upload, such as encryption and storage class. */
  readonly headers: Readonly<Record<string, string>>;
}

const ATTEMPTS = 4;

/** The address of an object. Buckets with dots break wildcard certificates, so those go by path. */
export function objectUrl(target: BucketTarget, key: string): URL {
  const path = key.split("/").map(encodeSegment).join("/");
  const scheme = target.useSsl ? "https" : "http";
  const { bucket, region, endpointUrl } = target;
  if (endpointUrl !== undefined) return new URL(`${endpointUrl.replace(/\/+$/, "")}/${bucket}/${path}`);
  if (bucket.includes(".")) return new URL(`${scheme}://s3.${region}.amazonaws.com/${bucket}/${path}`);
  return new URL(`${scheme}://${bucket}.s3.${region}.amazonaws.com/${path}`);
}

/** Uploads one object; tries again when the service is busy or away. */
export async function putObject(
  target: BucketTarget,
  key: string,
  body: Uint8Array,
  credentials: () => Promise<AwsCredentials>,
): Promise<void> {
  const url = objectUrl(target, key);
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptPut(target, url, body, await credentials());
    if (outcome === undefined) return;
    if (attempt === ATTEMPTS || !outcome.again) {
      throw new Error(`s3://${target.bucket}/${key} could not be written: ${outcome.reason}`);
    }
    await sleep(200 * 2 ** attempt);
  }
}

interface Refusal {
  readonly reason: string;
  readonly again: boolean;
}

function attemptPut(
  target: BucketTarget,
  url: URL,
  body: Uint8Array,
  credentials: AwsCredentials,
): Promise<Refusal | undefined> {
  const headers = signedHeaders(
    {
      method: "PUT",
      url,
      headers: { ...target.headers, "content-length": String(body.length) },
      body,
      region: target.region,
      service: "s3",
      at: new Date(),
    },
    credentials,
  );
  const tls = {
    rejectUnauthorized: target.verify,
    ...(target.certificateFile === undefined ? {} : { ca: readFileSync(target.certificateFile) }),
  };
  return new Promise((resolve) => {
    const send = url.protocol === "http:" ? httpRequest : httpsRequest;
    const request = send(url, { method: "PUT", headers, timeout: 30_000, ...tls }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () => {
        const status = response.statusCode ?? 0;
        if (status < 300) return resolve(undefined);
        const code = /<Code>([^<]*)<\/Code>/.exec(Buffer.concat(pieces).toString("utf8"))?.[1] ?? "";
        resolve({ reason: `status ${status} ${code}`.trim(), again: status >= 500 || status === 429 });
      });
    });
    request.once("timeout", () => request.destroy(new Error("no answer in 30 s")));
    request.once("error", (error) => resolve({ reason: error.message, again: true }));
    request.end(body);
  });
}
