import type { DagNode } from "../../graph/index.ts";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const records = (payload: object, key: string): readonly Readonly<Record<string, unknown>>[] => {
  const list: unknown = Object.entries(payload).find(([name]) => name === key)?.[1];
  return Array.isArray(list) ? list.filter(isRecord) : [];
};

const errorsIn = (payload: object, key: string): readonly string[] =>
  records(payload, key).flatMap(({ error }) => (typeof error === "string" ? [error] : []));

const failedChecks = (payload: object): readonly string[] =>
  records(payload, "check_results").flatMap((table) => {
    const asset = Array.isArray(table.asset_key) ? table.asset_key.join(".") : "";
    return records(table, "checks").flatMap(({ name, passed, severity }) =>
      passed === false && severity === "error" ? [`check ${String(name)} of ${asset} failed`] : [],
    );
  });

const breaches = (payload: object): readonly string[] =>
  records(payload, "budget_breaches").map(
    ({ limit_type, limit, actual }) =>
      `budget ${String(limit_type)} is ${String(limit)}, used were ${String(actual)}`,
  );

const subject = ({ kind, label, pipeline }: DagNode): string => {
  if (kind === "transformation") return `model ${label}`;
  return pipeline === undefined ? `${kind} '${label}'` : `${kind} pipeline '${pipeline}'`;
};

/** Why a node failed, from what its run, load or seed printed. */
export const nodeError = (node: DagNode, payload: object): string => {
  const told = ["errors", "files", "tables"].flatMap((key) => errorsIn(payload, key));
  const found = told.length > 0 ? told : [...failedChecks(payload), ...breaches(payload)];
  return found.length === 0 ? `${subject(node)} failed` : found.join("; ");
};
