import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Env } from "../../config-values.ts";
import type { AwsCredentials } from "./sign.ts";

/** Where credentials may come from; each gives undefined when it does not apply here. */
type Source = (env: Env) => Promise<AwsCredentials | undefined>;

/** Fetched anew this long before they expire. */
const EARLY_MS = 5 * 60_000;
const METADATA_TIMEOUT_MS = 2_000;

/** The order in which AWS's own tools look. Throws when nothing applies. */
export function createCredentialChain(env: Env): () => Promise<AwsCredentials> {
  let known: AwsCredentials | undefined;
  return async () => {
    if (known !== undefined && (known.expiresAt ?? Number.POSITIVE_INFINITY) > Date.now() + EARLY_MS)
      return known;
    for (const source of [fromEnvironment, fromWebIdentity, fromSharedFile, fromContainer, fromInstance]) {
      known = await source(env);
      if (known !== undefined) return known;
    }
    throw new Error("no AWS credentials in the environment, a shared file, a container or an instance role");
  };
}

function keys(
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
  sessionToken?: string,
  expiration?: string,
): AwsCredentials | undefined {
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(expiration === undefined ? {} : { expiresAt: Date.parse(expiration) }),
  };
}

const fromEnvironment: Source = async (env) =>
  keys(env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY, env.AWS_SESSION_TOKEN);

/** Kubernetes service accounts with a role. */
const fromWebIdentity: Source = async (env) => {
  const file = env.AWS_WEB_IDENTITY_TOKEN_FILE;
  const role = env.AWS_ROLE_ARN;
  if (file === undefined || role === undefined) return undefined;
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  const url = new URL(
    region === undefined ? "https://sts.amazonaws.com/" : `https://sts.${region}.amazonaws.com/`,
  );
  url.search = new URLSearchParams({
    Action: "AssumeRoleWithWebIdentity",
    Version: "2011-06-15",
    RoleArn: role,
    RoleSessionName: env.AWS_ROLE_SESSION_NAME ?? "dagster-run",
    WebIdentityToken: (await readFile(file, "utf8")).trim(),
  }).toString();
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new Error(`the role ${role} could not be assumed (status ${response.status})`);
  const tag = (name: string): string | undefined => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  return keys(tag("AccessKeyId"), tag("SecretAccessKey"), tag("SessionToken"), tag("Expiration"));
};

const fromSharedFile: Source = async (env) => {
  const path = env.AWS_SHARED_CREDENTIALS_FILE ?? join(env.HOME ?? homedir(), ".aws/credentials");
  const profile = env.AWS_PROFILE ?? "default";
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    return undefined;
  }
  const values = iniSection(text, profile);
  return keys(
    values.get("aws_access_key_id"),
    values.get("aws_secret_access_key"),
    values.get("aws_session_token"),
  );
};

function iniSection(text: string, name: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let section = "";
  for (const line of text.split("\n")) {
    const header = /^\s*\[([^\]]+)\]/.exec(line)?.[1];
    const [, key = "", value = ""] = /^\s*([^=#;\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (header !== undefined) section = header.trim();
    else if (section === name && key !== "") values.set(key, value);
  }
  return values;
}

interface RoleAnswer {
  readonly AccessKeyId?: string;
  readonly SecretAccessKey?: string;
  readonly Token?: string;
  readonly Expiration?: string;
}

const fromRole = (answer: RoleAnswer): AwsCredentials | undefined =>
  keys(answer.AccessKeyId, answer.SecretAccessKey, answer.Token, answer.Expiration);

/** ECS tasks, and EKS pod identities. */
const fromContainer: Source = async (env) => {
  const relative = env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
  const url =
    relative === undefined ? env.AWS_CONTAINER_CREDENTIALS_FULL_URI : `http://169.254.170.2${relative}`;
  if (url === undefined) return undefined;
  const file = env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
  const token =
    file === undefined ? env.AWS_CONTAINER_AUTHORIZATION_TOKEN : (await readFile(file, "utf8")).trim();
  const response = await fetch(url, token === undefined ? {} : { headers: { authorization: token } });
  if (!response.ok)
    throw new Error(`the container's credentials could not be read (status ${response.status})`);
  return fromRole((await response.json()) as RoleAnswer);
};

const METADATA = "http://169.254.169.254/latest";

const fromInstance: Source = async (env) => {
  if (env.AWS_EC2_METADATA_DISABLED === "true") return undefined;
  const ask = async (path: string, init: RequestInit): Promise<string> => {
    const response = await fetch(METADATA + path, {
      ...init,
      signal: AbortSignal.timeout(METADATA_TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.text();
  };
  try {
    const lifetime = { "x-aws-ec2-metadata-token-ttl-seconds": "300" };
    const token = await ask("/api/token", { method: "PUT", headers: lifetime });
    const headers = { "x-aws-ec2-metadata-token": token };
    const roles = "/meta-data/iam/security-credentials/";
    const role = (await ask(roles, { headers })).split("\n")[0] ?? "";
    return fromRole(JSON.parse(await ask(roles + role, { headers })) as RoleAnswer);
  } catch {
    return undefined;
  }
};
