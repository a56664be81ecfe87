import { defineConfig } from "vitest/config";

/** What measures memory or time, or changes the process itself: each file has a process of its own. */
const ALONE = [
  "test/addresses/no-proxy.test.ts",
  "test/fuzz/answers.test.ts",
  "test/fuzz/megabyte.test.ts",
  "test/portkey/answer-bounds.test.ts",
  "test/portkey/linear.test.ts",
  "test/prototypes/*.test.ts",
];

/**
 * What makes a whole of it: archives, images, imports of whole documents, branches, charts, other people's clients and
 * proxies, floods. It takes as long as everything else together, so it is a command of its own: `npm run test:system`.
 */
const SYSTEM = [
  "test/chaos/*.test.ts",
  "test/clients/*.test.ts",
  "test/codegen/{editions,import,imported-branch,mutations,regenerate}.test.ts",
  "test/distribution/*.test.ts",
  "test/docs/{commands,deployment,recipes}.test.ts",
  "test/e2e/{behind-a-proxy,compose,proxy-faults,rolling-restart}.test.ts",
  "test/eval/tasks.test.ts",
  "test/helm/*.test.ts",
  "test/http/{gathered-body,unread,unread-stderr}.test.ts",
  "test/image/*.test.ts",
  "test/stdio/unread.test.ts",
];

/** What asks for a person's work after an import: words, rows, a look at what corrections still do. */
const CURATION = ["test/curation/*.test.ts"];

export default defineConfig({
  test: {
    // What hangs is ended; how fast something is, a test says itself, in processor time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores are what a small CI machine has, and half of the workers wait for processes that they have started.
    maxWorkers: 4,
    retry: 0,
    globalSetup: "test/e2e/build-once.ts",
    projects: [
      {
        extends: true,
        // Loading the modules for every file anew would cost more than the tests.
        test: {
          name: "shared",
          include: ["test/**/*.test.ts"],
          exclude: [...ALONE, ...SYSTEM, ...CURATION],
          isolate: false,
        },
      },
      { extends: true, test: { name: "alone", include: ALONE } },
      { extends: true, test: { name: "curation", include: CURATION, isolate: false } },
      { extends: true, test: { name: "system", include: SYSTEM, sequence: { groupOrder: 1 } } },
    ],
  },
});
