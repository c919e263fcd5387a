import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigReader, Env } from "../../config-values.ts";
import type { ComputeLogs, LogCapture } from "../compute-logs.ts";
import { capturePath, openLocalComputeLogs } from "../local.ts";
import { createCredentialChain } from "./credentials.ts";
import { type BucketTarget, putObject } from "./put-object.ts";

/** Names of boto's upload arguments, and the headers that they stand for. */
const EXTRA_HEADERS: Readonly<Record<string, string>> = {
  ACL: "x-amz-acl",
  CacheControl: "cache-control",
  ContentType: "content-type",
  ExpectedBucketOwner: "x-amz-expected-bucket-owner",
  ServerSideEncryption: "x-amz-server-side-encryption",
  SSEKMSKeyId: "x-amz-server-side-encryption-aws-kms-key-id",
  StorageClass: "x-amz-storage-class",
  Tagging: "x-amz-tagging",
};

const STREAMS = ["out", "err"] as const;

/** Captures into local files, which go to the bucket at the end and, when asked for, in between. */
export function openS3ComputeLogs(config: ConfigReader, env: Env): ComputeLogs {
  const localDir = config.text("local_dir") ?? join(tmpdir(), "dagster-compute-logs");
  const prefix = (config.text("prefix") ?? "dagster").replace(/^\/+|\/+$/g, "");
  const skipEmpty = config.boolean("skip_empty_files") ?? false;
  const interval = config.number("upload_interval");
  const target = bucketTarget(config, env);
  const credentials = createCredentialChain(env);
  const local = openLocalComputeLogs(localDir);

  return {
    open: (key) => {
      const capture = local.open(key);
      const upload = async (isPartial: boolean): Promise<void> => {
        for (const stream of STREAMS) {
          const body = readFileSync(capturePath(localDir, key, stream));
          if (body.length === 0 && (skipEmpty || isPartial)) continue;
          const name = [prefix, "storage", ...key].join("/");
          await putObject(target, `${name}.${stream}${isPartial ? ".partial" : ""}`, body, credentials);
        }
      };
      return withUploads(capture, upload, interval, () => {
        for (const extension of [...STREAMS, "complete"])
          rmSync(capturePath(localDir, key, extension), { force: true });
      });
    },
  };
}

function withUploads(
  capture: LogCapture,
  upload: (isPartial: boolean) => Promise<void>,
  intervalSeconds: number | undefined,
  cleanUp: () => void,
): LogCapture {
  let uploading: Promise<void> = Promise.resolve();
  // What is uploaded on the way is a courtesy; the last upload says whether it worked.
  const tick = (): void => {
    uploading = uploading.then(() => upload(true)).catch(() => undefined);
  };
  const timer = intervalSeconds === undefined ? undefined : setInterval(tick, intervalSeconds * 1000).unref();
  return {
    write: (stream, chunk) => capture.write(stream, chunk),
    close: async () => {
      clearInterval(timer);
      await uploading;
      try {
        await capture.close();
      } finally {
        // An incomplete capture is still worth keeping, and its files would go on filling the disk.
        await upload(false);
        cleanUp();
      }
    },
  };
}

function bucketTarget(config: ConfigReader, env: Env): BucketTarget {
  const extra = config.section("upload_extra_args");
  const headers = Object.fromEntries(
    (extra?.keys ?? []).flatMap((key) => {
      const header = EXTRA_HEADERS[key];
      return header === undefined ? [] : [[header, extra?.text(key) ?? ""] as const];
    }),
  );
  return {
    bucket: config.requireText("bucket"),
    region: config.text("region") ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? "us-east-1",
    endpointUrl: config.text("endpoint_url") ?? env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL,
    useSsl: config.boolean("use_ssl") ?? true,
    verify: config.boolean("verify") ?? true,
    certificateFile: config.text("verify_cert_path"),
    headers: { "content-type": "text/plain", ...headers },
  };
}
