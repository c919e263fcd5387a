import type { LoadedLocation } from "../../components/loaded-location.ts";
import type { Instance } from "../../instance/open-instance.ts";
import type { CompiledRepository } from "../../planning/index.ts";
import type { LocationIdentity } from "../code-location.ts";

/** What the answers of one loaded location are made from. */
export interface LocationContext {
  readonly projectRoot: string;
  readonly identity: LocationIdentity;
  readonly loaded: LoadedLocation;
  readonly repository: CompiledRepository;
  /** Opens the instance that the host named in its request; one connection per instance is kept. */
  readonly openInstance: (instanceRef: string) => Promise<Instance>;
  /** Resources for schedules and sensors, each made when one first asks for it. */
  readonly resources: (keys: readonly string[]) => Promise<Readonly<Record<string, unknown>>>;
  /** Aborted when the location is replaced. */
  readonly signal: AbortSignal;
}
