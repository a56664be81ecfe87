/**
 * Starts the sandbox for a process: on a loopback port, with the generated facts and access rules of an edition.
 */
import { editions } from "../../generated/editions.ts";
import { MAIN_EDITION, type EditionName } from "../catalog/editions.ts";
import { seedAccount, tokenPath } from "./http/tokens.ts";
import type { Bases, Credentials, ServiceAccount } from "../portkey/port.ts";
import type { Facts } from "./shapes/document.ts";
import { createSandbox, type Sandbox, type SandboxOptions } from "./sandbox.ts";
import type { AccessRule } from "./http/scopes.ts";

export interface StartedSandbox {
  readonly url: string;
  readonly bases: Bases;
  readonly credentials: Required<Pick<Credentials, "workspaceKey" | "adminKey">>;
  /** The token endpoint of an edition that has tokens; below, the service account. */
  readonly tokenUrl: string;
  readonly account: ServiceAccount;
  readonly sandbox: Sandbox;
  close(): Promise<void>;
}

export interface StartOptions extends Omit<SandboxOptions, "facts" | "rules"> {
  /** Default: the main edition. */
  readonly edition?: EditionName;
  /** Default: a free port. */
  readonly port?: number;
}

/** Starts the sandbox; rejects where the port is taken or the seed is wrong. */
export async function startSandbox({
  port,
  edition = MAIN_EDITION,
  ...options
}: StartOptions = {}): Promise<StartedSandbox> {
  const { facts: loadFacts, manifest } = editions[edition];
  const [facts, records] = await Promise.all([loadFacts(), manifest()]);
  const sandbox = await createSandbox({
    ...options,
    facts: facts.default as unknown as Facts,
    rules: records.default as unknown as AccessRule[],
  });
  const { url, bases } = await sandbox.listen(port);
  const credentials = { workspaceKey: sandbox.keys.workspace, adminKey: sandbox.keys.admin };
  return {
    url,
    bases,
    tokenUrl: `${url}${tokenPath}`,
    credentials,
    account: seedAccount,
    sandbox,
    close: () => sandbox.close(),
  };
}
