/** True when the suite runs with a Dagster 1.12, which lacks some of what later ones show. */
export const isBefore113 = /^1\.12(\.|$)/.test(process.env.DAGSTER_HOST_VERSION ?? "");
