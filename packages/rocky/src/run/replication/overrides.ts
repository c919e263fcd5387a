import type { ReplicationPipeline, TableOverride } from "../../config/index.ts";
import type { OverrideWarning } from "../output.ts";

/** How one table is copied once every override has had its say. */
export interface TablePolicy {
  readonly strategy: string;
  readonly timestampColumn: string;
  readonly mergeKeys: readonly string[];
  readonly mergeKeysFallback: readonly string[];
  readonly enabled: boolean;
}

export interface SourceTable {
  /** Connector id or source schema; an override may name either. */
  readonly connector: readonly string[];
  readonly table: string;
}

interface CompiledOverride {
  readonly override: TableOverride;
  readonly specificity: number;
  readonly matches: (candidate: SourceTable) => boolean;
  matched: boolean;
}

const globToRegExp = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  );

const isGlob = (text: string): boolean => /[*?]/.test(text);

const compile = (override: TableOverride): CompiledOverride => {
  const { connector, table } = override.match;
  const pattern = table !== undefined && isGlob(table) ? globToRegExp(table) : undefined;
  const tableMatches = (name: string): boolean =>
    table === undefined || (pattern === undefined ? table === name : pattern.test(name));
  const specificity = connector === undefined ? 0 : table === undefined ? 1 : pattern === undefined ? 3 : 2;
  return {
    override,
    specificity,
    matches: (candidate) =>
      (connector === undefined || candidate.connector.includes(connector)) && tableMatches(candidate.table),
    matched: false,
  };
};

export interface OverrideResolver {
  /** Every field comes from the most specific override that sets it, else from the pipeline. */
  readonly resolve: (table: SourceTable) => TablePolicy;
  /** Overrides that no table asked so far has met. */
  readonly warnings: () => readonly OverrideWarning[];
}

const quoted = (text: string | undefined): string => (text === undefined ? "any" : `"${text}"`);

export const createOverrideResolver = (pipeline: ReplicationPipeline): OverrideResolver => {
  const rules = pipeline.tableOverrides.map(compile);
  // Sorting is stable, so rules of one rank stay in file order.
  const ranked = [...rules].sort((left, right) => right.specificity - left.specificity);
  return {
    resolve: (table) => {
      const applying = ranked.filter((rule) => rule.matches(table));
      for (const rule of applying) rule.matched = true;
      const first = <K extends keyof TableOverride>(key: K): TableOverride[K] | undefined =>
        applying.find((rule) => rule.override[key] !== undefined)?.override[key];
      return {
        strategy: first("strategy") ?? pipeline.strategy,
        timestampColumn: first("timestampColumn") ?? pipeline.timestampColumn,
        mergeKeys: first("mergeKeys") ?? pipeline.mergeKeys,
        mergeKeysFallback: first("mergeKeysFallback") ?? pipeline.mergeKeysFallback,
        enabled: first("enabled") ?? true,
      };
    },
    warnings: () =>
      rules.flatMap((rule, index) => {
        if (rule.matched) return [];
        const { connector, table } = rule.override.match;
        return [
          {
            rule_index: index,
            kind: table === undefined ? "connector_match_empty" : "zero_match",
            message:
              `[[table_overrides]] entry ${index} (connector ${quoted(connector)}, table ${quoted(table)}) ` +
              "matched no table of this run",
            ...(connector === undefined ? {} : { connector }),
            ...(table === undefined ? {} : { table }),
          },
        ];
      }),
  };
};
