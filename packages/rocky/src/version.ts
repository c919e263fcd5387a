/**
 * The version of Rocky whose command line this engine speaks. It is what `rocky --version` and every payload
 * report, because clients gate features on it; the version of this npm package is another thing.
 */
export const ENGINE_VERSION = "1.71.0";

/** The state schema that the same version of Rocky uses, reported by `state` and `doctor`. */
export const STATE_SCHEMA_VERSION = 22;
