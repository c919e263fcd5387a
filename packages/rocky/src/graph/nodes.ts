import type { Model, ModelTarget } from "../models/index.ts";

export type NodeKind = "source" | "load" | "transformation" | "quality" | "snapshot" | "seed" | "test";

export interface DagNode {
  /** `<kind>:<name>`, unique in a project. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  /** Absent for seeds, which belong to no pipeline. */
  readonly pipeline?: string;
  /** Of transformation nodes. */
  readonly model?: Model;
  /** Of seeds; a transformation's target is its model's. */
  readonly target?: ModelTarget;
}

export interface Seed {
  readonly name: string;
  readonly target: ModelTarget;
}

export type EdgeKind = "data" | "check";

export interface DagEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
}

export const seedNode = (seed: Seed): DagNode => ({
  id: `seed:${seed.name}`,
  kind: "seed",
  label: seed.name,
  target: seed.target,
});

export const modelNodeId = (model: string): string => `transformation:${model}`;

export const modelNode = (model: Model, pipeline: string): DagNode => ({
  id: modelNodeId(model.name),
  kind: "transformation",
  label: model.name,
  pipeline,
  model,
});

/** One node for each declarative test, named after what it checks. */
export const testNodes = (model: Model, pipeline: string): readonly DagNode[] =>
  model.tests.map(({ rule }, index) => {
    const subject = "column" in rule && rule.column !== undefined ? rule.column : String(index);
    const label = `${model.name}::${rule.type}_${subject}`;
    return { id: `test:${label}`, kind: "test", label, pipeline };
  });
