export interface Position {
  /** Both 1-based; columns count Unicode characters. */
  readonly line: number;
  readonly column: number;
}

export interface LineMap {
  readonly offsetOf: (line: number, column: number) => number;
  readonly positionOf: (offset: number) => Position;
}

const codePointsTo = (text: string, start: number, end: number): number => {
  let count = 0;
  for (let index = start; index < end; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0xdc00 || unit > 0xdfff) count += 1;
  }
  return count;
};

/** Translates between offsets (UTF-16 units) and lines with columns. */
export const lineMap = (text: string): LineMap => {
  const starts = [0];
  for (let index = text.indexOf("\n"); index >= 0; index = text.indexOf("\n", index + 1))
    starts.push(index + 1);
  const plain = !/[\ud800-\udbff]/.test(text);
  return {
    offsetOf: (line, column) => {
      const start = starts[line - 1] ?? text.length;
      if (plain) return Math.min(start + column - 1, text.length);
      let offset = start;
      for (let left = column - 1; left > 0 && offset < text.length; left -= 1) {
        offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
      }
      return offset;
    },
    positionOf: (offset) => {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      const start = starts[low] ?? 0;
      return { line: low + 1, column: codePointsTo(text, start, offset) + 1 };
    },
  };
};
