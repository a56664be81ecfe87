/** Every composite, loaded when it is first called, by the name that records give in `composite`. */
import type { Composite } from "./composite.ts";

export const composites: Readonly<Record<string, () => Promise<Composite>>> = {
  "create-config": async () => (await import("./tools/create-config.ts")).composite,
  "create-workspace": async () => (await import("./tools/create-workspace.ts")).composite,
  "diff-workspaces": async () => (await import("./tools/diff-workspaces.ts")).composite,
  "download-log-export": async () => (await import("./tools/download-log-export.ts")).composite,
  "explain-cost": async () => (await import("./tools/explain-cost.ts")).composite,
  "export-workspace": async () => (await import("./tools/export-workspace.ts")).composite,
  "find-unused-keys": async () => (await import("./tools/find-unused-keys.ts")).composite,
  "grant-integration": async () => (await import("./tools/grant-integration.ts")).composite,
  "get-prompt": async () => (await import("./tools/get-prompt.ts")).composite,
  "list-user-roles": async () => (await import("./tools/list-user-roles.ts")).composite,
  "migrate-prompt": async () => (await import("./tools/migrate-prompt.ts")).composite,
  "offboard-user": async () => (await import("./tools/offboard-user.ts")).composite,
  "promote-config": async () => (await import("./tools/promote-config.ts")).composite,
  "promote-prompt": async () => (await import("./tools/promote-prompt.ts")).composite,
  "publish-partial": async () => (await import("./tools/publish-partial.ts")).composite,
  "publish-prompt": async () => (await import("./tools/publish-prompt.ts")).composite,
  "rotate-key": async () => (await import("./tools/rotate-key.ts")).composite,
  "run-prompt-completion": async () => (await import("./tools/run-prompt-completion.ts")).composite,
  "set-up-workspace": async () => (await import("./tools/set-up-workspace.ts")).composite,
  "update-config": async () => (await import("./tools/update-config.ts")).composite,
  "update-prompt": async () => (await import("./tools/update-prompt.ts")).composite,
  "validate-completion-metadata": async () => (await import("./tools/validate-completion-metadata.ts")).composite,
};
