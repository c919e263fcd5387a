import { parentPort, type TransferListItem, workerData } from "node:worker_threads";
import { LocationLoadError } from "./code-location.ts";
import { openDirectLocation } from "./direct-location.ts";
import type { FromThread, ThreadData, ToThread } from "./thread-messages.ts";

/** The thread that owns one load of the definitions: it ends when the server replaces them. */
const port = parentPort;
if (port === null) throw new Error("this module runs only as a worker thread");

const send = (message: FromThread, transfer: readonly TransferListItem[] = []): void =>
  port.postMessage(message, transfer);

/** A chunk that owns its whole buffer is moved instead of copied. */
const movable = (chunk: Uint8Array): readonly TransferListItem[] =>
  chunk.buffer instanceof ArrayBuffer && chunk.byteLength === chunk.buffer.byteLength ? [chunk.buffer] : [];

const { parameters } = workerData as ThreadData;

try {
  const location = await openDirectLocation(parameters);
  port.on("message", (message: ToThread) => {
    if (message.kind === "close") {
      void location.close().finally(() => port.close());
      return;
    }
    const { id, request } = message;
    void location.ask(request).then((answer) => {
      // Kept chunks are answered again later, so they must not be moved away.
      const transfer = answer.isKept === true ? [] : [...answer.chunks].flatMap(movable);
      send({ kind: "answer", id, answer }, transfer);
    });
  });
  send({ kind: "loaded", summary: location.summary });
} catch (error) {
  const payload = error instanceof LocationLoadError ? error.payload : "null";
  send({ kind: "failed", message: error instanceof Error ? error.message : String(error), payload });
  port.close();
}
