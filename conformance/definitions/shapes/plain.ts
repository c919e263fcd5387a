/** Dagster 1.12 knows no groups within groups, and no conditions on freshness. */
export const isBefore113 = /^1\.12(\.|$)/.test(process.env.DAGSTER_HOST_VERSION ?? "");

export const nothing = (): void => {};

export const noEvents = (): readonly [] => [];

export const passes = (): boolean => true;
