import { loadLocation } from "../components/load-location.ts";
import type { Instance } from "../instance/open-instance.ts";
import { compileRepository } from "../planning/index.ts";
import {
  CHUNK_CHARACTERS,
  encodeChunks,
  encodeWire,
  errorInfo,
  type WireValue,
  writeWire,
} from "../wire/index.ts";
import { lookAtInputs } from "./answer-cache/input-prints.ts";
import type { LocationContext } from "./answers/location-context.ts";
import {
  jobAnswer,
  listAnswer,
  planAnswer,
  repositoryAnswer,
  subsetAnswer,
} from "./answers/repository-answers.ts";
import {
  type CodeLocation,
  LocationLoadError,
  type LocationParameters,
  type LocationRequest,
} from "./code-location.ts";
import { errorAnswer } from "./error-answers.ts";
import { lazyResources } from "./lazy-resources.ts";
import { loadOptions } from "./load-options.ts";
import { log } from "./log.ts";
import type { ThreadAnswer } from "./thread-messages.ts";

// What only ticks and backfills ask for is imported when they do: a start is waited for.
const partitionAnswers = () => import("./answers/partition-answers.ts");
const tickAnswers = () => import("./answers/tick-answers.ts");

const valueFor = async (context: LocationContext, request: LocationRequest): Promise<WireValue> => {
  switch (request.kind) {
    case "listRepositories":
      return listAnswer(context);
    case "repository":
      return repositoryAnswer(context, request.deferSnapshots);
    case "job":
      return jobAnswer(context, request.jobName);
    case "subset":
      return subsetAnswer(context, request.args);
    case "plan":
      return planAnswer(context, request.args);
    case "partitionNames":
      return (await partitionAnswers()).partitionNamesAnswer(context, request.args);
    case "partitionConfig":
      return (await partitionAnswers()).partitionConfigAnswer(context, request.args);
    case "partitionTags":
      return (await partitionAnswers()).partitionTagsAnswer(context, request.args);
    case "partitionSetParams":
      return (await partitionAnswers()).partitionSetParamsAnswer(context, request.args);
    case "schedule":
      return (await tickAnswers()).scheduleAnswer(context, request.args);
    case "sensor":
      return (await tickAnswers()).sensorAnswer(context, request.args);
    default: {
      const never: never = request;
      throw new TypeError(`unknown request ${JSON.stringify(never)}`);
    }
  }
};

/** A location in this thread. */
export class DirectLocation implements CodeLocation {
  readonly summary: CodeLocation["summary"];
  readonly #context: LocationContext;
  readonly #close: () => Promise<void>;

  constructor(context: LocationContext, summary: CodeLocation["summary"], close: () => Promise<void>) {
    this.#context = context;
    this.summary = summary;
    this.#close = close;
  }

  ask(request: LocationRequest): Promise<ThreadAnswer> {
    return this.answer(request);
  }

  /** With a sink, the pieces of an answer go there as they are made; each is lent for the call. */
  async answer(request: LocationRequest, sink?: (chunk: Uint8Array) => void): Promise<ThreadAnswer> {
    try {
      const value = await valueFor(this.#context, request);
      if (sink === undefined) return { isError: false, chunks: encodeWire(value) };
      for (const chunk of encodeChunks(value, CHUNK_CHARACTERS, "lent")) sink(chunk);
      return { isError: false, chunks: [] };
    } catch (error) {
      log(
        "error",
        `${request.kind} failed: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
      );
      return errorAnswer(request.kind, errorInfo(error));
    }
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/** Instances are opened once per location, whichever request names them first. */
const instancePool = () => {
  const opened = new Map<string, Promise<Instance>>();
  return {
    open(instanceRef: string): Promise<Instance> {
      const known = opened.get(instanceRef);
      if (known !== undefined) return known;
      const instance = import("../instance/open-instance.ts").then(({ openInstance }) =>
        openInstance(instanceRef, process.env),
      );
      opened.set(instanceRef, instance);
      instance.catch(() => opened.delete(instanceRef));
      return instance;
    },
    async close(): Promise<void> {
      for (const instance of opened.values()) await (await instance).close();
    },
  };
};

const load = async (parameters: LocationParameters): Promise<DirectLocation> => {
  const { options, close: closeOptions } = await loadOptions(parameters);
  const loaded = await loadLocation(parameters, options);
  const repository = compileRepository(loaded.definitions);
  const instances = instancePool();
  const resources = lazyResources(loaded.definitions.resources, process.env);
  const abort = new AbortController();
  const context: LocationContext = {
    projectRoot: parameters.projectRoot,
    identity: parameters.identity,
    loaded,
    repository,
    openInstance: instances.open,
    resources: resources.get,
    signal: abort.signal,
  };
  const isKeepable = loaded.inputs.isComplete && parameters.pinned === undefined;
  const summary = {
    name: loaded.name,
    stateFiles: loaded.stateFiles,
    ...(loaded.stateInfo === undefined ? {} : { stateInfo: loaded.stateInfo }),
    ...(isKeepable ? { inputs: lookAtInputs(loaded.inputs) } : {}),
  };
  return new DirectLocation(context, summary, async () => {
    abort.abort();
    await resources.dispose();
    await instances.close();
    await closeOptions();
  });
};

/** Loads a location in this thread. The server does so in a thread of its own, tests do it directly. */
export const openDirectLocation = async (parameters: LocationParameters): Promise<DirectLocation> => {
  try {
    return await load(parameters);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new LocationLoadError(message, writeWire(errorInfo(error)));
  }
};
