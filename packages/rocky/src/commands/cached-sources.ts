import { noSourceSchemas, type SourceSchemas, sourceSchemas } from "../compile/index.ts";
import { RockyError } from "../errors.ts";
import { openExistingState } from "../run/environment.ts";
import { cachedSchemas } from "../state/schema-cache.ts";
import type { CommandContext } from "./context.ts";

/** When that many seconds ago was; there is no date before the first, however many they are. */
const youngerThan = (seconds: number): string =>
  new Date(Math.max(0, Date.now() - seconds * 1000)).toISOString();

/**
 * Columns and types of source tables that the state store remembers: those younger than `[cache.schemas] ttl_seconds`,
 * or than `--cache-ttl`. A store that cannot be read is no reason not to compile; a warning tells.
 */
export const cachedSources = async (context: CommandContext): Promise<SourceSchemas> => {
  const { enabled, ttlSeconds } = context.loadProjectConfig().schemaCache;
  const ttl = context.cacheTtlSeconds ?? ttlSeconds;
  if (!enabled || ttl <= 0) return noSourceSchemas;
  try {
    using state = await openExistingState(context, "read");
    if (state === undefined) return noSourceSchemas;
    const tables = await cachedSchemas(state, youngerThan(ttl));
    return tables.length === 0 ? noSourceSchemas : sourceSchemas(tables);
  } catch (thrown) {
    if (!(thrown instanceof RockyError)) throw thrown;
    const message = `columns of source tables are not known: ${thrown.message}`;
    context.emit({
      level: "warn",
      message,
      ...(thrown.hint === undefined ? {} : { fields: { hint: thrown.hint } }),
    });
    return noSourceSchemas;
  }
};
