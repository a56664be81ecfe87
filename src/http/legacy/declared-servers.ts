/**
 * The SDK's servers in use, one for each way that clients have declared themselves; most clients are alike. Made when
 * first needed, and the least recently used forgotten, so that odd declarations cost time and not memory.
 */
import type { RequestId } from "@modelcontextprotocol/sdk/types.js";
import type { Log } from "../../log/log.ts";
import type { Caller, Registry } from "../../mcp/registry.ts";
import { SharedServer, type Declaration, type SharedServerParts } from "./shared-server.ts";

const MAX_SERVERS = 64;

export interface DeclaredServersParts {
  readonly registry: Registry;
  readonly log: Log;
  readonly outgoingId: (number: number, id: RequestId) => string;
}

export class DeclaredServers {
  readonly #servers = new Map<string, Promise<SharedServer>>();
  readonly #parts: DeclaredServersParts;

  constructor(parts: DeclaredServersParts) {
    this.#parts = parts;
  }

  /** The server for a session's requests; without a declaration, for requests that belong to none. */
  serverFor(caller: Caller, { initialize, level }: Declaration): Promise<SharedServer> {
    const key = JSON.stringify([initialize?.["capabilities"], level]);
    const server =
      this.#servers.get(key) ??
      this.openUnshared(caller, { ...(initialize && { initialize }), ...(level !== undefined && { level }) });
    this.#servers.delete(key);
    this.#servers.set(key, server);
    // One that still runs something stays alive through its request streams.
    if (this.#servers.size > MAX_SERVERS) this.#servers.delete(this.#servers.keys().next().value as string);
    return server;
  }

  /** A server that is not shared, whose initialize answers this caller. */
  openUnshared(caller: Caller, declared: Declaration = {}): Promise<SharedServer> {
    const { registry, log, outgoingId } = this.#parts;
    const unexpected: SharedServerParts["unexpected"] = (error, method) =>
      log.write("error", "a request failed", { method, error: String(error), stack: (error as Error).stack });
    return SharedServer.open({ registry, outgoingId, unexpected }, caller, declared);
  }
}
