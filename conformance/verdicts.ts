/** What the parts of a suite found, in one number each. */
export interface Verdicts {
  equal(what: string, expected: unknown, found: unknown): void;
  holds(what: string, condition: boolean, found: unknown): void;
  readonly passed: number;
  readonly failed: number;
}

/** Notes that something is equal to what it should be. */
export type Verdict = Verdicts["equal"];

export function createVerdicts(): Verdicts {
  let passed = 0;
  let failed = 0;
  const record = (isGood: boolean, text: () => string): void => {
    if (isGood) passed++;
    else {
      failed++;
      console.log(`FAIL ${text()}`);
    }
  };
  return {
    equal: (what, expected, found) => {
      const [wanted, got] = [JSON.stringify(expected), JSON.stringify(found)];
      record(wanted === got, () => `${what}: expected ${wanted}, found ${got}`);
    },
    holds: (what, condition, found) => record(condition, () => `${what}: found ${JSON.stringify(found)}`),
    get passed() {
      return passed;
    },
    get failed() {
      return failed;
    },
  };
}
