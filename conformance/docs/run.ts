/**
 * Docs that run: every command, file and setting in README.md, docs/ and the packages' READMEs is tried, in a folder
 * outside of the repository with the packages as npm would deliver them. PEER_PYTHON names an interpreter
 * beside which the stock Dagster is installed. `--only README,getting-started` tries some pages.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { checkAttributes, checkCommands, checkErrors, checkLinks } from "./facts.ts";
import { installPackages } from "./install.ts";
import { pagesOf, runPage } from "./page.ts";
import { createTally } from "./tally.ts";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

async function main(): Promise<number> {
  const tally = createTally();
  const only = process.argv[process.argv.indexOf("--only") + 1];
  const wanted = process.argv.includes("--only") ? (only?.split(",") ?? []) : undefined;
  const pages = pagesOf(root).filter(
    (page) => wanted === undefined || wanted.some((name) => relative(root, page).includes(name)),
  );
  const work = mkdtempSync(join(tmpdir(), "docs-"));
  const leave = (): void => process.exit(130);
  process.once("SIGINT", leave).once("SIGTERM", leave);
  try {
    const text = (page: string): string => readFileSync(join(root, "docs", page), "utf8");
    checkAttributes(text("attributes.md"), tally);
    checkErrors(text("operating.md"), root, tally);
    checkCommands(text("engine.md"), root, tally);
    for (const page of pages) checkLinks(page, root, tally);

    const python = process.env.PEER_PYTHON;
    const dagster =
      python !== undefined && existsSync(join(dirname(python), "dagster")) ? dirname(python) : undefined;
    const installation = installPackages(root, work);
    for (const page of pages) {
      const started = Date.now();
      await runPage(page, { root, installation, dagster, tally });
      console.log(`${relative(root, page)}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
    }
  } catch (error) {
    tally.fail("the suite", error instanceof Error ? error.message : String(error));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed === 0 ? 0 : 1;
}

process.exitCode = await main();
