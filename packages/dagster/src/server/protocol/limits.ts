/** What Dagster's own hosts and servers send and receive where nothing else is set. */
const DEFAULT_BYTES = 100_000_000;

const bytesFrom = (text: string | undefined): number => {
  const given = Number(text);
  return text !== undefined && Number.isSafeInteger(given) && given > 0 ? given : DEFAULT_BYTES;
};

/** The largest message that is read, after unpacking. */
export const maxReceiveBytes = (): number => bytesFrom(process.env.DAGSTER_GRPC_MAX_RX_BYTES);

/** The largest message that is sent. */
export const maxSendBytes = (): number => bytesFrom(process.env.DAGSTER_GRPC_MAX_SEND_BYTES);
