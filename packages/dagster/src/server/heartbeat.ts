/** Calls `onSilence` once no beat came for the given time. A host that started the server beats while it lives. */
export const expectHeartbeats = (
  timeoutSeconds: number,
  onSilence: () => void,
): { readonly beat: () => void; readonly stop: () => void } => {
  const timer = setTimeout(onSilence, timeoutSeconds * 1000);
  timer.unref();
  return { beat: () => timer.refresh(), stop: () => clearTimeout(timer) };
};
