/** Counts, and says what failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  pass(): void;
  fail(where: string, why: string): void;
  skip(where: string, why: string): void;
}

export function createTally(): Tally {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  return {
    get passed() {
      return passed;
    },
    get failed() {
      return failed;
    },
    get skipped() {
      return skipped;
    },
    pass: () => {
      passed += 1;
    },
    fail(where, why) {
      failed += 1;
      console.log(`FAIL ${where}: ${why}`);
    },
    skip(where, why) {
      skipped += 1;
      console.log(`skip ${where}: ${why}`);
    },
  };
}
