import { AssetKey } from "../definitions/keys.ts";
import {
  isRecord,
  type Json,
  JsonSyntaxError,
  parseJson,
  pythonText,
  readNumber,
  readText,
  type WireValue,
  wire,
  writeWire,
} from "../wire/index.ts";

/** How far a multi-asset sensor has come with one asset. */
export interface AssetPlace {
  /** Partition of the newest consumed event. */
  readonly partition?: string;
  /** Id of the newest consumed event. */
  readonly eventId?: number;
  /** Per partition, the newest event that is older than `eventId` and was not consumed. */
  readonly trailing: ReadonlyMap<string, number>;
}

export const START: AssetPlace = { trailing: new Map() };

/** Places by `AssetKey.id`. */
export type Places = ReadonlyMap<string, AssetPlace>;

/** Dagster names assets in this cursor by Python's text of a key. */
const keyText = (key: AssetKey): string => pythonText(wire("AssetKey", { path: key.path }));

export function writePlaces(keys: readonly AssetKey[], places: Places): string {
  const entries = keys.map((key): [string, WireValue] => {
    const { partition, eventId, trailing } = places.get(AssetKey.id(key)) ?? START;
    return [keyText(key), [partition ?? null, eventId ?? null, Object.fromEntries(trailing)]];
  });
  return writeWire(Object.fromEntries(entries));
}

/** Texts that are no such cursor count as a start from the beginning. */
export function readPlaces(keys: readonly AssetKey[], cursor: string | undefined): Places {
  const record = cursor === undefined ? {} : parsed(cursor);
  return new Map(keys.map((key) => [AssetKey.id(key), readPlace(record[keyText(key)])]));
}

function parsed(cursor: string): { readonly [key: string]: Json } {
  try {
    const value = parseJson(cursor);
    return isRecord(value) ? value : {};
  } catch (error) {
    if (error instanceof JsonSyntaxError) return {};
    throw error;
  }
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

function readPlace(value: Json | undefined): AssetPlace {
  if (!isList(value) || value.length !== 3) return START;
  const partition = readText(value[0]);
  const eventId = readNumber(value[1]);
  const trailing = isRecord(value[2]) ? Object.entries(value[2]) : [];
  return {
    ...(partition === undefined ? {} : { partition }),
    ...(eventId === undefined ? {} : { eventId }),
    trailing: new Map(trailing.map(([key, id]) => [key, readNumber(id) ?? 0])),
  };
}
