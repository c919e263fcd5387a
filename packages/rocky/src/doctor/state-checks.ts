import type { CommandContext } from "../commands/context.ts";
import { RockyError } from "../errors.ts";
import { openCommandState } from "../run/environment.ts";
import { listWatermarks } from "../state/watermarks.ts";
import { STATE_SCHEMA_VERSION } from "../version.ts";
import { describeError, type Finding } from "./examination.ts";

export const checkState = async (context: CommandContext): Promise<readonly Finding[]> => {
  try {
    using state = await openCommandState(context, "read");
    const watermarks = await listWatermarks(state);
    return [
      {
        status: "healthy",
        message: `State store healthy (${watermarks.length} watermarks)`,
        details: [["path", state.path]],
      },
    ];
  } catch (thrown) {
    const { hint } = RockyError.from(thrown);
    return [
      {
        status: "warning",
        message: `Cannot open state store: ${describeError(context, thrown)}`,
        ...(hint === undefined ? {} : { suggestion: `state: ${hint}` }),
      },
    ];
  }
};

export const checkStateSchema = async (context: CommandContext): Promise<readonly Finding[]> => {
  try {
    using _state = await openCommandState(context, "read");
    const version = `v${STATE_SCHEMA_VERSION}`;
    return [
      {
        status: "healthy",
        message: `state schema ${version} matches this binary`,
        details: [["supported", version]],
      },
    ];
  } catch (thrown) {
    return [
      { status: "warning", message: `Cannot read the state schema: ${describeError(context, thrown)}` },
    ];
  }
};

export const checkStateSync = (context: CommandContext): readonly Finding[] => {
  const { backend } = context.loadConfig().state;
  return [{ status: "healthy", message: `State backend: ${backend}`, details: [["backend", backend]] }];
};

export const checkStateAccess = (context: CommandContext): readonly Finding[] => {
  const { backend } = context.loadConfig().state;
  if (backend === "local") return [{ status: "healthy", message: "Local backend — no remote probe needed" }];
  return [
    {
      status: "critical",
      message: `State backend '${backend}' is not supported by this engine`,
      suggestion: 'state_rw: set [state] backend = "local", or use an engine that reaches this store',
    },
  ];
};
