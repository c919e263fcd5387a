export { componentNumbers } from "./components.ts";
export { buildDag, type Dag, type DagInput } from "./dag.ts";
export { findSeeds } from "./seeds.ts";
export { byText, type LayerResult, layersOf, type Predecessors } from "./layers.ts";
export { type DagEdge, type DagModel, type DagNode, modelNodeId, type NodeKind, type Seed } from "./nodes.ts";
