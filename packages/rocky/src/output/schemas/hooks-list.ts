import { integer, list, object, text, type Static } from "../schema.ts";

const hookEntry = object({
  command: text,
  env_keys: list(text),
  event: text,
  on_failure: text,
  timeout_ms: integer,
});

export const hooksListSchema = object({ hooks: list(hookEntry), total: integer });
export type HooksListOutput = Static<typeof hooksListSchema>;
