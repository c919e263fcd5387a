import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`./packages/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@dagster-rocky\/rocky$/, replacement: source("rocky/src/index.ts") },
      { find: /^@dagster-rocky\/dagster$/, replacement: source("dagster/src/index.ts") },
      { find: /^@dagster-rocky\/dagster\/(cli|testing)$/, replacement: source("dagster/src/$1/index.ts") },
    ],
  },
  test: {
    include: ["packages/*/src/**/*.test.ts"],
    testTimeout: 30_000,
  },
});
