import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

/** Milliseconds that one text may take to appear; the machines that run this are busy with other suites. */
const PATIENCE = 45_000;

/** Counts what was seen and what was missed, and keeps a picture of every page. */
export interface Witness {
  readonly passed: number;
  readonly failed: number;
  /** Passes once per text that becomes visible on the page. */
  sees(page: Page, what: string, texts: readonly (string | RegExp)[]): Promise<void>;
  /** A step of the tour; what it throws is a failure, and the tour goes on. */
  step(what: string, action: () => Promise<void>): Promise<void>;
  verdict(what: string, good: boolean, otherwise: string): void;
  /** Writes `<folder>/<name>.png`, once the page has not changed for `restMs` milliseconds (800). */
  picture(page: Page, name: string, restMs?: number): Promise<void>;
}

/** `forReaders`: pictures are worth waiting for; else they only help to understand a failure. */
export function createWitness(folder: string, forReaders: boolean): Witness {
  mkdirSync(folder, { recursive: true });
  let passed = 0;
  let failed = 0;
  const verdict = (what: string, good: boolean, otherwise: string): void => {
    if (good) passed += 1;
    else {
      failed += 1;
      console.log(`FAIL ${what}: ${otherwise}`);
    }
  };
  return {
    get passed() {
      return passed;
    },
    get failed() {
      return failed;
    },
    verdict,
    async sees(page, what, texts) {
      for (const text of texts) {
        const visible = await page
          .getByText(text)
          .filter({ visible: true })
          .first()
          .waitFor({ timeout: PATIENCE })
          .then(() => true)
          .catch(() => false);
        verdict(what, visible, `'${text}' is not shown at ${page.url()}`);
      }
    },
    async step(what, action) {
      try {
        await action();
      } catch (error) {
        verdict(what, false, error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
      }
    },
    async picture(page, name, restMs = 800) {
      await stillness(page, forReaders ? restMs : 0);
      await page.screenshot({ path: join(folder, `${name}.png`) });
    },
  };
}

/** Waits until the page rests; one that never does is taken as it is after half a minute. */
async function stillness(page: Page, restMs: number): Promise<void> {
  let before = await page.screenshot();
  let since = Date.now();
  const deadline = since + 30_000;
  while (Date.now() < deadline && Date.now() - since < restMs) {
    await page.waitForTimeout(300);
    const now = await page.screenshot();
    if (now.equals(before)) continue;
    before = now;
    since = Date.now();
  }
}
