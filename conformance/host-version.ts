/** The suite runs with Dagster 1.12: no groups within groups, no conditions on freshness, no refresh from the UI. */
export const isBefore113 = /^1\.12(\.|$)/.test(process.env.DAGSTER_HOST_VERSION ?? "");
