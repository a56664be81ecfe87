/** The registry as the commands assemble it, in front of a sandbox with real sockets. */
import { assembleRegistry } from "../../src/cli/assemble-registry.ts";
import { createPolicy } from "../../src/catalog/create-policy.ts";
import { loadEdition, MAIN_EDITION, type EditionName } from "../../src/catalog/editions.ts";
import { loadCatalogue } from "../main-catalogue.ts";
import type { PolicyInput } from "../../src/catalog/policy.ts";
import type { Catalogue } from "../../src/catalog/lookup.ts";
import type { Config } from "../../src/config/config.ts";
import { silentLog } from "../../src/log/log.ts";
import type { CallEvent } from "../../src/mcp/tools/call-event.ts";
import type { Caller, Registry, ToolResult } from "../../src/mcp/registry.ts";
import { startSandbox, type StartedSandbox } from "../../src/sandbox/start.ts";
import { link } from "../mcp/client-link.ts";

export const catalogue = loadCatalogue();

export interface Rig {
  readonly catalogue: Catalogue;
  readonly registry: Registry;
  readonly sandbox: StartedSandbox;
  readonly events: CallEvent[];
  /** A caller with both of the sandbox's keys, or with its account. */
  caller(input?: PolicyInput, more?: Partial<Caller>): Caller;
  /** The requests that reached the sandbox since the last look, as `METHOD /path`. */
  seen(): string[];
  close(): Promise<void>;
}

/** Starts a sandbox of an edition, and the registry in front of it. */
export async function startRig(edition: EditionName = MAIN_EDITION): Promise<Rig> {
  const sandbox = await startSandbox({ edition });
  const served = edition === MAIN_EDITION ? catalogue : await loadEdition(edition);
  const config = configFor(edition, sandbox);
  const events: CallEvent[] = [];
  const registry = assembleRegistry({
    config,
    catalogue: served,
    log: silentLog,
    onCall: (event) => events.push(event),
  });
  return {
    catalogue: served,
    registry,
    sandbox,
    events,
    caller: (input = {}, more = {}) => ({
      principal: "local",
      policy: createPolicy(input),
      credentials: config.credentials,
      ...more,
    }),
    seen: requestsSince(sandbox),
    close: () => sandbox.close(),
  };
}

/** The settings that lead a server of an edition to the sandbox. */
function configFor(edition: EditionName, sandbox: StartedSandbox): Config {
  const isMain = edition === MAIN_EDITION;
  return {
    edition,
    bases: sandbox.bases,
    ...(!isMain && { tokenUrl: sandbox.tokenUrl }),
    credentials: isMain ? sandbox.credentials : { account: sandbox.account },
    timeoutMs: 5_000,
    maxRetries: 0,
    maxResultBytes: 40_000,
    unknownFields: "send",
    policy: createPolicy(),
    sandbox: false,
    logLevel: "info",
    composites: {},
  };
}

/** Gives the requests that reached the sandbox since it was last asked. */
function requestsSince({ sandbox }: StartedSandbox): Rig["seen"] {
  let looked = 0;
  return () => {
    const fresh = sandbox.requests.slice(looked).map(({ method, path }) => `${method} ${path.replace(/^\/v1/, "")}`);
    looked = sandbox.requests.length;
    return fresh;
  };
}

/** The text of a result's first content; empty where it has none. */
export function textOf(result: ToolResult): string {
  return String(result.content[0]?.["text"] ?? "");
}

/** The JSON of an answer; the tests look into it by name. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function jsonOf(result: ToolResult): any {
  return JSON.parse(textOf(result));
}

/** The first item of a list tool's answer. */
export async function fetchFirst(
  rig: Rig,
  tool: string,
  args: Record<string, unknown> = {},
): Promise<Record<string, string>> {
  return jsonOf(await rig.registry.callTool(tool, args, rig.caller(), link())).data[0];
}
