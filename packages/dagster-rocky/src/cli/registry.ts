import type { ComponentType } from "@dagster-rocky/dagster";
import { RockyComponent } from "../component/rocky-component.ts";

/** The component types that this package brings. Servers, their threads and run workers import this module. */
export const componentTypes: readonly ComponentType[] = [RockyComponent];
