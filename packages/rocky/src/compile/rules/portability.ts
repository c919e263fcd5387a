import { lineMap } from "../../sql/index.ts";
import { type Region, scanRegions } from "../../sql/scan.ts";
import { CONSTRUCTS, type PortabilityDialect } from "../portability/constructs.ts";
import type { SemanticModel } from "../semantic-model.ts";
import { diagnostic, type ModelRule } from "./rule.ts";

const PRAGMA = /rocky-allow:\s*(.+)/gi;

/** What remarks such as `-- rocky-allow: NVL, ILIKE` permit in this model. */
const allowedBy = (sql: string, regions: readonly Region[]): readonly string[] =>
  regions
    .filter(({ kind }) => kind === "comment")
    .flatMap(({ start, end }) => [...sql.slice(start, end).matchAll(PRAGMA)])
    .flatMap(([, list = ""]) => list.replace(/\*\/\s*$/, "").split(","))
    .map((label) => label.trim().toLowerCase());

/** The code alone, everything else blanked, so that offsets stay. */
const codeOf = (sql: string, regions: readonly Region[]): string =>
  regions
    .map(({ kind, start, end }) => (kind === "code" ? sql.slice(start, end) : " ".repeat(end - start)))
    .join("");

const check = (
  name: string,
  { prepared }: SemanticModel,
  dialect: PortabilityDialect,
  permitted: readonly string[],
): ReturnType<ModelRule> => {
  const { sql, model } = prepared;
  // `search` and not `test`, which would remember in the shared pattern where it stopped.
  const suspects = CONSTRUCTS.filter(
    ({ knownTo, pattern }) => !knownTo.includes(dialect) && sql.search(pattern) >= 0,
  );
  if (suspects.length === 0) return [];
  const regions = scanRegions(sql);
  const allowed = new Set([...permitted, ...allowedBy(sql, regions)]);
  const code = codeOf(sql, regions);
  const lines = lineMap(sql);
  return suspects
    .filter(({ label }) => !allowed.has(label.toLowerCase()))
    .flatMap(({ label, pattern, instead }) =>
      [...code.matchAll(pattern)].map((match) => {
        const { line, column } = lines.positionOf(match.index);
        return diagnostic("Error", "P001", name, {
          message: `${label} is not known to ${dialect}`,
          suggestion: `use ${instead}, or allow it with a remark: -- rocky-allow: ${label}`,
          span: { file: model.file, line: line + model.sqlLineOffset, col: column },
        });
      }),
    );
};

/** P001: SQL that the chosen warehouse does not know. Only when one is chosen. */
export const portability: ModelRule = (model, name, { portability: chosen }) => {
  if (chosen === undefined) return [];
  const permitted = chosen.allow.map((label) => label.trim().toLowerCase());
  return check(name, model, chosen.dialect, permitted);
};
