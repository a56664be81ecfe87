import { defineConfig } from "vitest/config";

/** What measures memory or time, or changes the process itself: each file has a process of its own. */
const ALONE = [
  "test/addresses/no-proxy.test.ts",
  "test/chaos/*.test.ts",
  "test/codegen/mutations.test.ts",
  "test/e2e/proxy-faults.test.ts",
  "test/fuzz/answers.test.ts",
  "test/fuzz/megabyte.test.ts",
  "test/portkey/answer-bounds.test.ts",
  "test/portkey/linear.test.ts",
  "test/prototypes/*.test.ts",
];

/** What starts processes and waits for them: a file leaves its worker idle most of the time. */
const WAITING = [
  "test/cli/{doctor,seed}.test.ts",
  "test/clients/own-clients.test.ts",
  "test/docs/commands.test.ts",
  "test/e2e/!(proxy-faults).test.ts",
  "test/eval/tasks.test.ts",
  "test/http/unread-stderr.test.ts",
  "test/image/*.test.ts",
  "test/stdio/unread.test.ts",
  "test/telemetry/*.test.ts",
];

export default defineConfig({
  test: {
    // What hangs is ended; how fast something is, a test says itself, in processor time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores are what a small CI machine has, and a worker now and then waits.
    maxWorkers: 3,
    retry: 0,
    globalSetup: "test/e2e/build-once.ts",
    projects: [
      {
        extends: true,
        // Loading the modules for every file anew would cost more than the tests.
        test: { name: "shared", include: ["test/**/*.test.ts"], exclude: [...ALONE, ...WAITING], isolate: false },
      },
      { extends: true, test: { name: "alone", include: ALONE } },
      {
        extends: true,
        test: { name: "waiting", include: WAITING, isolate: false, maxWorkers: 4, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
