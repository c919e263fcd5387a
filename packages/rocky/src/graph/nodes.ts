import type { Model, ModelTarget, StrategyType } from "../models/index.ts";

export type NodeKind = "source" | "load" | "transformation" | "quality" | "snapshot" | "seed" | "test";

/** What the graph needs to know of a model. */
export interface DagModel extends Pick<Model, "name" | "dependsOn" | "target"> {
  readonly strategy: { readonly type: StrategyType };
  readonly tests: readonly { readonly rule: { readonly type: string; readonly column?: string } }[];
}

export interface DagNode<M extends DagModel = Model> {
  /** `<kind>:<name>`, unique in a project. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  /** Absent for seeds, which belong to no pipeline. */
  readonly pipeline?: string;
  /** Of transformation nodes. */
  readonly model?: M;
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

export const seedNode = (seed: Seed): DagNode<never> => ({
  id: `seed:${seed.name}`,
  kind: "seed",
  label: seed.name,
  target: seed.target,
});

export const modelNodeId = (model: string): string => `transformation:${model}`;

export const modelNode = <M extends DagModel>(model: M, pipeline: string): DagNode<M> => ({
  id: modelNodeId(model.name),
  kind: "transformation",
  label: model.name,
  pipeline,
  model,
});

/** One node for each declarative test, named after what it checks. */
export const testNodes = (model: DagModel, pipeline: string): readonly DagNode<never>[] =>
  model.tests.map(({ rule }, index) => {
    const subject = rule.column ?? String(index);
    const label = `${model.name}::${rule.type}_${subject}`;
    return { id: `test:${label}`, kind: "test", label, pipeline };
  });
