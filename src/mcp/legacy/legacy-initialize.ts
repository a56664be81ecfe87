/** The result of `initialize` in the legacy revisions, without the SDK: stdio answers before the SDK is loaded. */
import type { Json } from "../../catalog/json.ts";
import type { Caller, Registry } from "../registry.ts";

/** The same as the SDK's, newest first; a test compares them. */
export const LEGACY_REVISIONS: readonly string[] = [
  "2025-11-25",
  "2025-06-18",
  "2025-03-26",
  "2024-11-05",
  "2024-10-07",
];

export function legacyCapabilities(registry: Registry) {
  return { tools: {}, prompts: {}, resources: registry.watch ? { subscribe: true } : {}, completions: {}, logging: {} };
}

/** The result for a client that asked for `revision`, which is chosen where it is supported, else the newest. */
export function initializeResult(registry: Registry, caller: Caller, revision: string): Json {
  const instructions = registry.instructions(caller);
  return {
    protocolVersion: LEGACY_REVISIONS.includes(revision) ? revision : LEGACY_REVISIONS[0],
    capabilities: legacyCapabilities(registry),
    serverInfo: registry.serverInfo,
    ...(instructions !== "" && { instructions }),
  };
}
