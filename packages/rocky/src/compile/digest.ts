/**
 * 16 hex digits over a text, the same in every process. Tells texts apart; it protects nothing. Two 32-bit lanes
 * of multiply and xor, because a cryptographic hash in JavaScript would cost more than the rest of a warm compile.
 */
export const digest = (text: string): string => {
  let low = 0x9e3779b9 ^ text.length;
  let high = 0x85ebca6b ^ text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ (unit + index), 0x5bd1e995);
    high ^= high >>> 15;
  }
  low = finish(low ^ (high >>> 7));
  high = finish(high ^ low);
  return hex(high) + hex(low);
};

const finish = (lane: number): number => {
  let value = Math.imul(lane ^ (lane >>> 16), 0x7feb352d);
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b);
  return value ^ (value >>> 16);
};

const hex = (lane: number): string => (lane >>> 0).toString(16).padStart(8, "0");
