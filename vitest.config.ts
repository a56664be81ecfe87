import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Two cores are what a small CI machine has; more workers only make real processes time out.
    maxWorkers: 2,
    // Tests start real servers, browsers and Redis; on a loaded machine one may miss its moment. A retry is reported.
    retry: 1,
  },
});
