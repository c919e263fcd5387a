const RETENTION = /^(\d+)([dy])$/;

/** Days of a retention text such as `30d` or `2y` (365 days a year); undefined when it is malformed or zero. */
export const parseRetention = (text: string): number | undefined => {
  const match = RETENTION.exec(text);
  const days = Number(match?.[1]) * (match?.[2] === "y" ? 365 : 1);
  return Number.isSafeInteger(days) && days > 0 ? days : undefined;
};
