import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a user can import, and the report that shows all of it on one page. */
const entryPoints = [
  { folder: "packages/dagster", types: "dist/index.d.ts", report: "dagster" },
  { folder: "packages/dagster", types: "dist/testing/index.d.ts", report: "dagster-testing" },
  { folder: "packages/dagster-rocky", types: "dist/index.d.ts", report: "dagster-rocky" },
  { folder: "packages/rocky", types: "dist/index.d.ts", report: "rocky" },
] as const;

/** Compares each package's built types with its checked-in report, or writes the reports with `--update`. */
export function main(args: readonly string[]): number {
  const isUpdate = args.includes("--update");
  const scratch = mkdtempSync(join(tmpdir(), "api-report-"));
  try {
    return entryPoints.map((entry) => report(entry, scratch, isUpdate)).every(Boolean) ? 0 : 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function report(entry: (typeof entryPoints)[number], scratch: string, isUpdate: boolean): boolean {
  const folder = join(root, entry.folder);
  const file = `${entry.folder}/api/${entry.report}.api.md`;
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, entry.types),
      compiler: { overrideTsconfig: compilerOptions() },
      newlineKind: "lf",
      apiReport: {
        enabled: true,
        reportFileName: `${entry.report}.api.md`,
        reportFolder: join(folder, "api"),
        reportTempFolder: scratch,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.None },
          // A type that a signature mentions and nobody can import: the report says so beside the signature.
          "ae-forgotten-export": { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, "package.json"),
  });
  const outcome = Extractor.invoke(config, {
    localBuild: isUpdate,
    messageCallback(message) {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) console.error(message.text);
    },
  });
  if (outcome.apiReportChanged && !isUpdate) {
    console.error(
      `${file} no longer shows what the package exports: npm run api, read the difference, commit it.`,
    );
    return false;
  }
  return outcome.errorCount === 0;
}

/** The types were checked when they were built; here they are only read. */
function compilerOptions(): object {
  return {
    compilerOptions: {
      target: "ES2023",
      lib: ["ES2023", "ESNext.Disposable"],
      module: "NodeNext",
      moduleResolution: "NodeNext",
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
      strict: true,
      skipLibCheck: true,
    },
    include: ["dist"],
  };
}

process.exitCode = main(process.argv.slice(2));
