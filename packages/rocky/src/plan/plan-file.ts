import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { blake3 } from "@noble/hashes/blake3.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { RockyError } from "../errors.ts";
import { canonicalJson, type Json } from "./canonical-json.ts";

const PLAN_KINDS = ["run", "replication", "promote"] as const;
export type PlanKind = (typeof PLAN_KINDS)[number];

export interface Plan {
  readonly planId: string;
  readonly kind: PlanKind;
  readonly createdAt: string;
  readonly principal: string;
  readonly payload: Readonly<Record<string, Json>>;
}

const FORMAT_VERSION = 1;

/** The name of a plan is what it says: 64 hex digits of BLAKE3 over kind and payload, nothing else. */
export const planIdOf = (kind: PlanKind, payload: Json): string =>
  bytesToHex(blake3(utf8ToBytes(`{"kind":${JSON.stringify(kind)},"payload":${canonicalJson(payload)}}`)));

const planPath = (cwd: string, planId: string): string => join(cwd, ".rocky", "plans", `${planId}.json`);

/** Writes the plan below `cwd`; the same plan written twice is one file. */
export const writePlan = async (cwd: string, plan: Plan): Promise<void> => {
  const path = planPath(cwd, plan.planId);
  await mkdir(dirname(path), { recursive: true });
  // Plans are made by every run from a scheduler; they do not belong into version control.
  await writeFile(join(cwd, ".rocky", ".gitignore"), "*\n");
  const text = JSON.stringify(
    {
      plan_id: plan.planId,
      kind: plan.kind,
      created_at: plan.createdAt,
      format_version: FORMAT_VERSION,
      principal: plan.principal,
      payload: plan.payload,
    },
    null,
    2,
  );
  const unfinished = `${path}.${process.pid}.tmp`;
  await writeFile(unfinished, `${text}\n`);
  await rename(unfinished, path);
};

const invalid = (planId: string, path: string, why: string): RockyError =>
  new RockyError("plan_invalid", `plan '${planId}' ${why}`, {
    where: { file: path },
    hint: "make a new plan with `rocky plan`",
  });

const isRecord = (value: unknown): value is Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads a plan and checks that its content still has its name. */
export const readPlan = async (cwd: string, planId: string): Promise<Plan> => {
  const path = planPath(cwd, planId);
  if (!/^[0-9a-f]{64}$/.test(planId)) {
    throw new RockyError("plan_invalid", `'${planId}' is no plan id`, {
      hint: "a plan id has 64 hex digits",
    });
  }
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) throw invalid(planId, path, "does not exist");
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    throw invalid(planId, path, "is not JSON");
  }
  if (!isRecord(record)) throw invalid(planId, path, "is not an object");
  const { payload, created_at: createdAt, principal, format_version: version } = record;
  if (version !== FORMAT_VERSION)
    throw invalid(planId, path, `has an unknown format version (${String(version)})`);
  const kind = PLAN_KINDS.find((known) => known === record.kind);
  if (kind === undefined || !isRecord(payload)) {
    throw invalid(planId, path, `is of a kind that this engine cannot apply (${String(record.kind)})`);
  }
  if (planIdOf(kind, payload) !== planId) throw invalid(planId, path, "was changed after it was made");
  return { planId, kind, payload, createdAt: String(createdAt), principal: String(principal) };
};
