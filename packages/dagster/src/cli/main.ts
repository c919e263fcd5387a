import { libraryVersion } from "../server/library-version.ts";
import { runCli } from "./run-cli.ts";

process.exitCode = await runCli({ name: "dagster-ts", version: libraryVersion() }, process.argv.slice(2));
