/**
 * Who answers a request: the SDK's servers in use, one for each way that clients have declared themselves, and one
 * without the SDK for those that declared nothing. Most clients are alike. The SDK's are made when first needed, and
 * the least recently used forgotten, so that odd declarations cost time and not memory.
 */
import type { RequestId } from "@modelcontextprotocol/sdk/types.js";
import type { Log } from "../../../log/log.ts";
import type { TellUnexpected } from "../../../mcp/legacy/answer-request.ts";
import type { Caller, Registry } from "../../../mcp/registry.ts";
import { isPlain, PlainServer } from "./plain-server.ts";
import type { Declaration, RequestServer } from "./request-server.ts";
import { SharedServer } from "./shared-server.ts";

const MAX_SERVERS = 64;

export interface DeclaredServersParts {
  readonly registry: Registry;
  readonly log: Log;
  readonly outgoingId: (number: number, id: RequestId) => string;
}

export class DeclaredServers {
  readonly #servers = new Map<string, Promise<SharedServer>>();
  readonly #parts: DeclaredServersParts;
  readonly #plain: PlainServer;
  readonly #unexpected: TellUnexpected;

  constructor(parts: DeclaredServersParts) {
    this.#parts = parts;
    this.#unexpected = (error, method) =>
      parts.log.write("error", "a request failed", { method, error: String(error), stack: (error as Error).stack });
    this.#plain = new PlainServer(parts.registry, this.#unexpected);
  }

  /** The server for a session's request; without a declaration, for one that belongs to none. */
  serverFor(caller: Caller, method: string, declared: Declaration): RequestServer | Promise<RequestServer> {
    if (isPlain(method, declared)) return this.#plain;
    return this.#sharedFor(caller, declared);
  }

  /** A server that is not shared, whose initialize answers this caller. */
  openUnshared(caller: Caller, declared: Declaration = {}): Promise<SharedServer> {
    const { registry, outgoingId } = this.#parts;
    return SharedServer.open({ registry, outgoingId, unexpected: this.#unexpected }, caller, declared);
  }

  #sharedFor(caller: Caller, { initialize, level }: Declaration): Promise<SharedServer> {
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
}
