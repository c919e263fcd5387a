/** Notes one assertion. */
export type Verdict = (what: string, expected: unknown, found: unknown) => void;

/** Counts assertions and prints those that do not hold. */
export function createVerdicts(): { readonly verdict: Verdict; end(): number } {
  let passed = 0;
  let failed = 0;
  return {
    verdict(what, expected, found) {
      const [wanted, got] = [JSON.stringify(expected), JSON.stringify(found)];
      if (wanted === got) passed += 1;
      else {
        failed += 1;
        console.log(`FAIL ${what}: expected ${wanted}, found ${got}`);
      }
    },
    end() {
      console.log(`${passed} passed, ${failed} failed`);
      return failed === 0 ? 0 : 1;
    },
  };
}
