#!/usr/bin/env node
// Newer Node keeps compiled code between processes, which halves the start of the many small ones.
require("node:module").enableCompileCache?.();
require("../dist/main.cjs");
