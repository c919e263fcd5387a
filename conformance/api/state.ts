import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { DagsterGraphql } from "../../tools/graphql.ts";
import type { Verdict } from "../verdicts.ts";

interface StoredState {
  readonly class: string;
  readonly base: string;
  readonly keys: Readonly<
    Record<string, { readonly version: string; readonly state: { readonly name: string } }>
  >;
}

/** Asynchronous on purpose: while a synchronous child runs, the connections to the webserver would grow stale. */
async function storedState(python: string, home: string): Promise<StoredState> {
  const script = fileURLToPath(new URL("./state.py", import.meta.url));
  const { stdout } = await promisify(execFile)(python, [script], {
    env: { ...process.env, DAGSTER_HOME: home },
  });
  return JSON.parse(stdout) as StoredState;
}

const KEYS = ["Counted[item_a]", "Counted[item_b]"];

async function refresh(graphql: DagsterGraphql, key: string): Promise<string> {
  const data = await graphql.query<{ refreshComponentState: { __typename: string; message?: string } }>(
    `mutation ($key: String!) { refreshComponentState(locationName: "nouns", defsStateKey: $key) { __typename
       ... on Error { message } } }`,
    { key },
  );
  const { __typename: kind, message } = data.refreshComponentState;
  return message ?? kind;
}

/** Versioned state in a folder that the instance names, refreshed from the UI, both keys at once. */
export async function state(
  graphql: DagsterGraphql,
  verdict: Verdict,
  python: string,
  home: string,
  base: string,
): Promise<void> {
  for (let round = 0; round < 3; round++) {
    const before = (await storedState(python, home)).keys;
    const answers = await Promise.all(KEYS.map((key) => refresh(graphql, key)));
    const after = await storedState(python, home);
    verdict(
      `refreshes side by side, round ${round}`,
      [false, false],
      answers.map((answer) => /error/i.test(answer)),
    );
    verdict(
      `both pointers moved, round ${round}`,
      [true, true],
      KEYS.map((key) => after.keys[key] !== undefined && after.keys[key]?.version !== before[key]?.version),
    );
    verdict(
      `Dagster reads both states, round ${round}`,
      ["item_a", "item_b"],
      KEYS.map((key) => after.keys[key]?.state.name),
    );
    if (round === 0)
      verdict("the storage of the instance", ["UPathDefsStateStorage", base], [after.class, after.base]);
  }
}
