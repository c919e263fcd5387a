import { quote } from "../../wire/text.ts";

/** The JSON array text that Dagster keys its rows by: `["mart", "revenue"]`, with the space. */
export const assetKeyText = (path: readonly string[]): string => `[${path.map(quote).join(", ")}]`;
