import type { BudgetConfig } from "../config/index.ts";
import type { RunReport } from "./report.ts";

/** Compares what the run has used with what it may; an embedded database costs time and nothing else. */
export const checkBudget = (report: RunReport, budget: BudgetConfig): void => {
  const { maxDurationMs } = budget;
  const elapsed = Date.now() - report.startedAt.getTime();
  if (maxDurationMs === undefined || elapsed <= maxDurationMs) return;
  report.budgetBreaches.push({ limit_type: "max_duration_ms", limit: maxDurationMs, actual: elapsed });
};
