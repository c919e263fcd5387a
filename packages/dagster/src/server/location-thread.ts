import { writeSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { parentPort, type TransferListItem, workerData } from "node:worker_threads";
import { LocationLoadError, type LocationParameters } from "./code-location.ts";
import { type DirectLocation, openDirectLocation } from "./direct-location.ts";
import type { FromThread, ThreadData, ToThread } from "./thread-messages.ts";

/** The thread that owns one load of the definitions: it ends when the server replaces them. */
const port = parentPort;
if (port === null) throw new Error("this module runs only as a worker thread");

// A load has ended before functions with much inlined code pay for their compilation.
setFlagsFromString("--max-inlined-bytecode-size-cumulative=300");

const send = (message: FromThread, transfer: readonly TransferListItem[] = []): void =>
  port.postMessage(message, transfer);

/** A chunk that owns its whole buffer is moved instead of copied. */
const movable = (chunk: Uint8Array): readonly TransferListItem[] =>
  chunk.buffer instanceof ArrayBuffer && chunk.byteLength === chunk.buffer.byteLength ? [chunk.buffer] : [];

/** Writes what it is given into a file as far as that goes, and sends the rest. */
const spoolSink = (file: number | undefined, id: number): ((chunk: Uint8Array) => void) => {
  let at = 0;
  let isWritable = file !== undefined;
  return (chunk) => {
    if (isWritable && file !== undefined && writeAt(file, chunk, at)) {
      at += chunk.length;
      send({ kind: "grew", id, bytes: chunk.length });
      return;
    }
    isWritable = false;
    const piece = chunk.slice();
    send({ kind: "piece", id, piece }, [piece.buffer]);
  };
};

const writeAt = (file: number, chunk: Uint8Array, at: number): boolean => {
  try {
    for (let from = 0; from < chunk.length; )
      from += writeSync(file, chunk, from, chunk.length - from, at + from);
    return true;
  } catch {
    return false;
  }
};

const open = async (parameters: LocationParameters): Promise<void> => {
  try {
    const location = await openDirectLocation(parameters);
    port.on("message", (message: ToThread) => serve(location, message));
    send({ kind: "loaded", summary: location.summary });
  } catch (error) {
    const payload = error instanceof LocationLoadError ? error.payload : "null";
    send({ kind: "failed", message: error instanceof Error ? error.message : String(error), payload });
    port.close();
  }
};

const serve = (location: DirectLocation, message: ToThread): void => {
  switch (message.kind) {
    case "ask": {
      const { id, request, spool } = message;
      const sink = spool && spoolSink(spool.file, id);
      void location.answer(request, sink).then((answer) => {
        send({ kind: "answer", id, answer }, answer.chunks.flatMap(movable));
      });
      break;
    }
    case "close":
      void location.close().finally(() => port.close());
      break;
    case "load":
      throw new Error("a thread loads one location");
    default:
      message satisfies never;
  }
};

port.once("message", (message: ToThread) => {
  if (message.kind === "load") void open(message.parameters);
});

const { registryModule } = workerData as ThreadData;
// What fails here fails again, and is told, when the location is loaded.
if (registryModule !== undefined) void import(registryModule).catch(() => undefined);
