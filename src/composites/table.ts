/** Every composite, loaded when it is first called, by the name that records give in `composite`. */
import type { Composite } from "./composite.ts";

export const composites: Readonly<Record<string, () => Promise<Composite>>> = {
  "create-config": async () => (await import("./create-config.ts")).composite,
  "diff-workspaces": async () => (await import("./diff-workspaces.ts")).composite,
  "download-log-export": async () => (await import("./download-log-export.ts")).composite,
  "explain-cost": async () => (await import("./explain-cost.ts")).composite,
  "export-workspace": async () => (await import("./export-workspace.ts")).composite,
  "find-unused-keys": async () => (await import("./find-unused-keys.ts")).composite,
  "get-prompt": async () => (await import("./get-prompt.ts")).composite,
  "migrate-prompt": async () => (await import("./migrate-prompt.ts")).composite,
  "promote-config": async () => (await import("./promote-config.ts")).composite,
  "promote-prompt": async () => (await import("./promote-prompt.ts")).composite,
  "publish-partial": async () => (await import("./publish-partial.ts")).composite,
  "publish-prompt": async () => (await import("./publish-prompt.ts")).composite,
  "run-prompt-completion": async () => (await import("./run-prompt-completion.ts")).composite,
  "update-config": async () => (await import("./update-config.ts")).composite,
  "update-prompt": async () => (await import("./update-prompt.ts")).composite,
  "validate-completion-metadata": async () => (await import("./validate-completion-metadata.ts")).composite,
};
