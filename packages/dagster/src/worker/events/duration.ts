/** A duration as Dagster's messages show it: `0.83ms`, `533ms`, `2.1s`, `5m42s`, `1h4m`. */
export function durationText(milliseconds: number): string {
  const round = (value: number): string => {
    const rounded = Math.round(value * 100) / 100;
    return Number.isInteger(rounded) ? `${rounded}.0` : String(rounded);
  };
  const seconds = milliseconds / 1000;
  if (milliseconds < 10) return `${round(milliseconds)}ms`;
  if (seconds < 1) return `${Math.floor(milliseconds)}ms`;
  if (seconds < 60) return `${round(seconds)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${Math.floor(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h${minutes % 60}m`;
}
