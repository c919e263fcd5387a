/** Counts facts and prints one line for each; the closing line is what the conformance task reads. */
export class Report {
  #passed = 0;
  #failed = 0;

  check(name: string, holds: boolean, detail: unknown = ""): void {
    if (holds) this.#passed++;
    else this.#failed++;
    console.log(holds ? `ok   ${name}` : `FAIL ${name}: ${JSON.stringify(detail)}`);
  }

  /** Takes over the lines of a script that reports in the same way. */
  add(output: string): void {
    for (const line of output.split("\n").filter((text) => /^(ok |FAIL)/.test(text))) {
      if (line.startsWith("ok")) this.#passed++;
      else this.#failed++;
      console.log(line);
    }
  }

  close(): number {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 && this.#passed > 0 ? 0 : 1;
  }
}
