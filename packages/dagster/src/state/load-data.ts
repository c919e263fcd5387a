import type { DefsStateInfo } from "./state-info.ts";

/** What a run needs to load the definitions that its snapshot was made from. */
export interface ReconstructionData {
  readonly stateInfo?: DefsStateInfo;
  /** Free texts that the loading server left; keys as `retainedKey` and `codeServerKey` make them. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Dagster's own key for state that lives in the code server's memory. */
export const codeServerKey = (stateKey: string): string => `defs-state-[${stateKey}]`;
/** The digest of a local state file. */
export const retainedKey = (stateKey: string): string => `defs-state-digest-[${stateKey}]`;
