/**
 * The sandbox as one process needs it: on a free loopback port, with the generated facts and access rules.
 */
import type { Bases, Credentials } from "../portkey/port.ts";
import type { Facts } from "./shapes/document.ts";
import { createSandbox, type Sandbox, type SandboxOptions } from "./sandbox.ts";
import type { AccessRule } from "./http/scopes.ts";

export interface StartedSandbox {
  readonly url: string;
  readonly bases: Bases;
  readonly credentials: Required<Credentials>;
  readonly sandbox: Sandbox;
  close(): Promise<void>;
}

export interface StartOptions extends Omit<SandboxOptions, "facts" | "rules"> {
  /** A free one without it. */
  readonly port?: number;
}

/** Starts the sandbox; rejects where the port is taken or the seed is wrong. */
export async function startSandbox({ port, ...options }: StartOptions = {}): Promise<StartedSandbox> {
  const [facts, records] = await Promise.all([
    import("../../generated/portkey/facts.json", { with: { type: "json" } }),
    import("../../generated/portkey/manifest.json", { with: { type: "json" } }),
  ]);
  const sandbox = await createSandbox({
    ...options,
    facts: facts.default as Facts,
    rules: records.default as AccessRule[],
  });
  const { url, bases } = await sandbox.listen(port);
  const credentials = { workspaceKey: sandbox.keys.workspace, adminKey: sandbox.keys.admin };
  return { url, bases, credentials, sandbox, close: () => sandbox.close() };
}
