import { DefinitionsError } from "./errors.ts";

/** Dagster's own rules for names, so that a definition that loads here would load there. */

const NAME = /^[A-Za-z0-9_]+$/;
const GROUP = /^[A-Za-z0-9_]+(\/[A-Za-z0-9_]+)*$/;
const TAG_KEY = /^([A-Za-z0-9_.-]{1,63}\/|dagster\/kind\/)?[A-Za-z0-9_.-]{1,63}$/;
const TAG_VALUE = /^[A-Za-z0-9_.-]{0,63}$/;
const EMAIL = /^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Z|a-z]{2,7}$/;
const POOL = /^\S+$/;
const MAX_KINDS = 10;

/** Words that the Python host cannot use as names. */
const RESERVED = new Set(
  (
    "context conf config meta arg_dict dict input_arg_dict output_arg_dict int str float bool input output " +
    "type False None True and as assert async await break class continue def del elif else except finally " +
    "for from global if import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/** `what` says whose name it is, such as "op", for the message. */
export function validName(name: string, what: string): string {
  if (!NAME.test(name)) {
    throw new DefinitionsError(`${what} name \`${name}\` must consist of letters, digits and underscores`);
  }
  if (RESERVED.has(name)) {
    throw new DefinitionsError(`${what} name \`${name}\` is a reserved word; choose another`);
  }
  return name;
}

export function validGroup(group: string | undefined, where: string): string {
  if (group === undefined) return "default";
  if (GROUP.test(group)) return group;
  throw new DefinitionsError(
    `${where}: group \`${group}\` must consist of letters, digits and underscores, in segments joined by "/"`,
  );
}

export function validTags(
  tags: Readonly<Record<string, string>>,
  where: string,
): Readonly<Record<string, string>> {
  for (const [key, value] of Object.entries(tags)) {
    if (!TAG_KEY.test(key)) {
      throw new DefinitionsError(
        `${where}: tag key \`${key}\` must be at most 63 letters, digits, "_", "-" or ".", ` +
          "after at most one namespace of the same form and a slash",
      );
    }
    if (!TAG_VALUE.test(value)) {
      throw new DefinitionsError(
        `${where}: tag \`${key}\` has the value \`${value}\`; values are at most 63 letters, digits, "_", "-" or "."`,
      );
    }
  }
  return tags;
}

export function validKinds(kinds: Iterable<string>, where: string): readonly string[] {
  const found = [...new Set(kinds)];
  if (found.length <= MAX_KINDS) return found;
  throw new DefinitionsError(
    `${where}: an asset can have at most ${MAX_KINDS} kinds, this has ${found.length}`,
  );
}

export function validOwners(owners: readonly string[], where: string): readonly string[] {
  for (const owner of owners) {
    const isTeam = owner.startsWith("team:") && owner.length > "team:".length;
    if (isTeam || EMAIL.test(owner)) continue;
    throw new DefinitionsError(
      `${where}: owner \`${owner}\` must be an e-mail address or a team, as in \`team:data\``,
    );
  }
  return owners;
}

export function validPool(pool: string | undefined, where: string): string | undefined {
  if (pool === undefined || POOL.test(pool)) return pool;
  throw new DefinitionsError(`${where}: pool \`${pool}\` must be a text without blanks`);
}
