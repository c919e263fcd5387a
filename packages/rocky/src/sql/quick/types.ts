import { type Cursor, giveUp } from "./cursor.ts";
import { DECIMAL_TYPES, SIMPLE_TYPES } from "./words.ts";

/** Reads the target type of a cast, spelled as `dataTypeText` spells it. */
export const readType = (cursor: Cursor): string => {
  const token = cursor.next();
  if (token.kind !== "word") return giveUp();
  const name = token.text.toUpperCase();
  if (DECIMAL_TYPES.has(token.text)) {
    const digits = parameters(cursor);
    return digits.length === 0 ? name : `${name}(${digits[0]},${digits[1] ?? "0"})`;
  }
  if (!SIMPLE_TYPES.has(token.text)) return giveUp();
  if (token.text === "varchar" || token.text === "char") parameters(cursor);
  else if (cursor.isSymbol("(")) return giveUp();
  if (token.text === "double" && cursor.word("precision")) return "DOUBLE PRECISION";
  if (token.text !== "timestamp" && token.text !== "time") return name;
  if (cursor.word("without")) return zone(cursor, name);
  return cursor.word("with") ? zone(cursor, `${name} WITH TIME ZONE`) : name;
};

const zone = (cursor: Cursor, text: string): string => {
  cursor.expectWord("time");
  cursor.expectWord("zone");
  return text;
};

const parameters = (cursor: Cursor): readonly string[] => {
  if (!cursor.symbol("(")) return [];
  const found: string[] = [];
  do {
    const token = cursor.next();
    const text = cursor.nameText(token);
    if (token.kind !== "number" || !/^\d+$/.test(text)) return giveUp();
    found.push(text);
  } while (cursor.symbol(","));
  cursor.expectSymbol(")");
  return found.length > 2 ? giveUp() : found;
};
