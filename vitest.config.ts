import { defineConfig } from "vitest/config";

/** What measures memory or time, or changes the process itself: each file has a process of its own. */
const ALONE = [
  "test/addresses/no-proxy.test.ts",
  "test/chaos/*.test.ts",
  "test/codegen/mutations.test.ts",
  "test/e2e/proxy-faults.test.ts",
  "test/fuzz/answers.test.ts",
  "test/portkey/answer-bounds.test.ts",
  "test/portkey/linear.test.ts",
  "test/prototypes/*.test.ts",
];

export default defineConfig({
  test: {
    // What hangs is ended; how fast something is, a test says itself, in processor time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores are what a small CI machine has; more workers only make real processes time out.
    maxWorkers: 2,
    retry: 0,
    projects: [
      {
        extends: true,
        // Loading the modules for every file anew would cost more than the tests.
        test: { name: "shared", include: ["test/**/*.test.ts"], exclude: ALONE, isolate: false },
      },
      { extends: true, test: { name: "alone", include: ALONE } },
    ],
  },
});
