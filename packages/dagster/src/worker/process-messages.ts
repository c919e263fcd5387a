/** What a worker process that was forked tells the server that forked it. */
export type WorkerMessage =
  | { readonly type: "ready" }
  /** The run was not taken over; `error` is a serialised `SerializableErrorInfo`. */
  | { readonly type: "failed"; readonly message: string; readonly error: string }
  /** The worker started a process group of its own, which must go when the run goes. */
  | { readonly type: "group"; readonly leader: number };

/** Tells the server, if there is one; it may be gone, and the run goes on without it. */
export function tellServer(message: WorkerMessage): void {
  if (process.send === undefined || !process.connected) return;
  process.send(message, undefined, undefined, () => undefined);
}

/** Ends the talk, so that an open channel does not keep the process alive. */
export function hangUp(): void {
  if (process.connected) process.disconnect();
}
