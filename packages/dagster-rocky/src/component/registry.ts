import type { ComponentType } from "@dagster-rocky/dagster";
import { RockyComponent } from "./rocky-component.ts";

/** What `type:` may name without a module of the project. */
export const componentTypes: readonly ComponentType[] = [RockyComponent];
