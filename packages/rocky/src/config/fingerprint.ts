import { blake3 } from "@noble/hashes/blake3.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** First 16 hex digits of BLAKE3 over a text: small, portable, and the same in every process. */
export const fingerprint = (text: string): string => bytesToHex(blake3(utf8ToBytes(text))).slice(0, 16);
