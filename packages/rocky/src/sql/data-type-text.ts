import { identifierText, items, nameParts, variant } from "./syntax-tree.ts";

const WORDS: Readonly<Record<string, string>> = {
  DoublePrecision: "DOUBLE PRECISION",
  TimestampNtz: "TIMESTAMP_NTZ",
  CharacterVarying: "CHARACTER VARYING",
};

/** The text of a CAST's target type: upper case, with parameters only for decimals. */
export const dataTypeText = (type: unknown): string => {
  const found = variant(type);
  if (found === undefined) return "";
  const [name, payload] = found;
  switch (name) {
    case "Decimal":
    case "Numeric":
    case "Dec":
    case "BigNumeric":
    case "BigDecimal": {
      const both = items(payload, "PrecisionAndScale");
      if (both.length === 2) return `${name.toUpperCase()}(${String(both[0])},${String(both[1])})`;
      const precision = variant(payload);
      return precision?.[0] === "Precision"
        ? `${name.toUpperCase()}(${String(precision[1])},0)`
        : name.toUpperCase();
    }
    case "Timestamp":
    case "Time": {
      const zone: unknown = Array.isArray(payload) ? payload[1] : undefined;
      if (zone === "WithTimeZone") return `${name.toUpperCase()} WITH TIME ZONE`;
      return zone === "Tz" ? `${name.toUpperCase()}TZ` : name.toUpperCase();
    }
    case "Custom": {
      const parts: unknown = Array.isArray(payload) ? payload[0] : undefined;
      return (nameParts(parts) ?? []).map(identifierText).join(".").toUpperCase();
    }
    default:
      return WORDS[name] ?? name.toUpperCase();
  }
};
