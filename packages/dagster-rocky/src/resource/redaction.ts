import { parse } from "smol-toml";

/** Removes secret values from a text. */
export type Redact = (text: string) => string;

const MASK = "***";
/** Shorter values would tear ordinary words apart. */
const SHORTEST = 6;

const SECRET_NAME =
  /(^|[_.-])(token|secret|password|passwd|pat|api_?key|private_?key|access_?key|credentials?|dsn)($|[_.-])/i;

/** Keys of `rocky.toml` whose values are names and places that users must be able to read in messages. */
const READABLE_KEY =
  /^(type|kind|path|catalog|schema|table|prefix|separator|host|region|location|warehouse|database|role|username|project_id|adapter|models|source_dir|strategy|name)$|_(template|dir|column|catalog|schema|id|url|path|seconds|secs|ms)$/;

const ENV_REFERENCE = /\$\{([^}:]+)(?::-[^}]*)?\}/g;

const isSecretName = (name: string): boolean => SECRET_NAME.test(name);

const environmentSecrets = (env: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(env).flatMap(([name, value]) => (value !== undefined && isSecretName(name) ? [value] : []));

/** Passwords inside connection strings, whatever the variable or key is called. */
const passwordsInUrls = (value: string): string[] =>
  [...value.matchAll(/:\/\/[^/@\s:]*:([^@\s/]+)@/g)].flatMap((match) =>
    match[1] === undefined ? [] : [match[1]],
  );

const configuredValues = (
  key: string,
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
): string[] => {
  if (Array.isArray(value)) return value.flatMap((entry) => configuredValues(key, entry, env));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([name, entry]) => configuredValues(name, entry, env));
  if (typeof value !== "string") return [];
  const referenced = [...value.matchAll(ENV_REFERENCE)].flatMap((match) => {
    const found = env[match[1] ?? ""];
    return found === undefined ? [] : [found];
  });
  const whole = value.replace(ENV_REFERENCE, (text, name: string) => env[name] ?? text);
  if (isSecretName(key)) return [whole, ...referenced];
  const urls = passwordsInUrls(whole);
  return READABLE_KEY.test(key) ? urls : [...referenced, ...urls];
};

const configSecrets = (
  configText: string,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] => {
  try {
    return configuredValues("", parse(configText), env);
  } catch {
    // A file that does not parse is the engine's to report; references in it are still kept secret.
    return configuredValues("", { text: configText }, env);
  }
};

/**
 * Redacts values of secret-named environment variables, of secret-named keys of `rocky.toml`, of environment
 * references in it (names and places excepted), and passwords inside URLs.
 */
export const createRedactor = (
  env: Readonly<Record<string, string | undefined>>,
  configText: string | undefined,
): Redact => {
  const values = [
    ...environmentSecrets(env),
    ...(configText === undefined ? [] : configSecrets(configText, env)),
  ];
  const secrets = [...new Set(values.map((value) => value.trim()))]
    .filter((value) => value.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, MASK), text);
};

/** Flags whose values stay out of logs. */
const PRIVATE_FLAGS: ReadonlySet<string> = new Set(["--governance-override", "--idempotency-key"]);

/** A command line as logs may show it. */
export const showArgv = (argv: readonly string[]): string =>
  argv.map((word, index) => (PRIVATE_FLAGS.has(argv[index - 1] ?? "") ? MASK : word)).join(" ");
