import type { ComponentLoadContext } from "@dagster-rocky/dagster";

export const prefix = "item";
export const folder = ({ path }: ComponentLoadContext): string => path.split("/").at(-1) ?? "";
export const upper = () => (text: string) => text.toUpperCase();
