#!/usr/bin/env node
import * as nodeModule from "node:module";

// Newer Node keeps compiled code between processes.
nodeModule.enableCompileCache?.();
await import("../dist/main.js");
