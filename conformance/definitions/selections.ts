import { isBefore113 } from "../host-version.ts";

/** Selections as text; both sides must select the same assets of the set `shapes`, or both refuse. */
const PARTS = [
  "*",
  'key:"deep/m-3.x"',
  "key:m1",
  "key:a_*",
  "key:*_src",
  "key:nothing",
  "group:g",
  "group:default",
];
const MORE = [
  "kind:rocky",
  "kind:<null>",
  "tag:nope",
  'tag:"a"="b"',
  'owner:"team:x"',
  "(key:m1 or key:t1)",
  // Dagster 1.12 knows no patterns of groups.
  ...(isBefore113 ? [] : ['group:"d*"']),
];
const REFUSED = [
  "key:",
  "key:*",
  "key:a-b",
  "key:1a",
  "group:g*",
  "owner:a@b.co",
  "()",
  "(key:m1",
  "key:m1 and",
  "KEY:m1",
];
const BARE = ["m1", "deep/m-3.x", "+m2", "m1+", "++m2", "*m2", "m1*", "*down", "nowhere"];

export const selections: readonly string[] = [
  ...PARTS,
  ...MORE,
  ...REFUSED,
  ...BARE,
  ...[...PARTS, ...MORE]
    .filter((part) => part !== "*")
    .flatMap((part) => [`+${part}`, `${part}+1`, `2+${part}+`]),
  ...PARTS.flatMap((left) => MORE.map((right) => `${left} and not ${right}`)),
  ...PARTS.flatMap((left) => MORE.map((right) => `not ${left} or ${right} AND key:m*`)),
  ...[...PARTS, ...MORE].flatMap((part) => [`roots(${part})`, `sinks(${part})`, `NOT (${part})`]),
  " key: m1 ",
  "sinks(key:m1+)+",
  "key:m1 key:m2",
  "tag:k = v",
];
