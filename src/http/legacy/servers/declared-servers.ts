/**
 * Finds the server that answers a request: one of the SDK's for each different declaration of clients, and one without
 * the SDK for clients that the server cannot ask anything.
 * Most clients declare the same. The SDK's servers are created when first needed and the least recently used dropped,
 * so that many different declarations cost time but not memory.
 */
import type { RequestId } from "@modelcontextprotocol/sdk/types.js";
import type { Log } from "../../../log/log.ts";
import type { OnUnexpected } from "../../../mcp/legacy/answer-request.ts";
import type { Caller, Registry } from "../../../mcp/registry.ts";
import { isPlain, PlainServer } from "./plain-server.ts";
import type { Declaration, RequestServer } from "./request-server.ts";
import { SharedServer } from "./shared-server.ts";

const MAX_SERVERS = 64;

export interface DeclaredServersParts {
  readonly registry: Registry;
  readonly log: Log;
  /** Makes the id of a question from its request stream's number and the SDK's own id. */
  readonly outgoingId: (number: number, id: RequestId) => string;
}

export class DeclaredServers {
  readonly #servers = new Map<string, Promise<SharedServer>>();
  readonly #parts: DeclaredServersParts;
  readonly #plain: PlainServer;
  readonly #onUnexpected: OnUnexpected;

  constructor(parts: DeclaredServersParts) {
    this.#parts = parts;
    this.#onUnexpected = (error, method) =>
      parts.log.write("error", "a request failed", { method, error: String(error), stack: (error as Error).stack });
    this.#plain = new PlainServer(parts.registry, this.#onUnexpected);
  }

  /** The server for a request; `declared` is empty for a request that belongs to no session. */
  serverFor(caller: Caller, method: string, declared: Declaration): RequestServer | Promise<RequestServer> {
    if (isPlain(method, declared)) return this.#plain;
    return this.#sharedFor(caller, declared);
  }

  /** A new server that is not shared: its answer to initialize is made for this caller. */
  openUnshared(caller: Caller, declared: Declaration = {}): Promise<SharedServer> {
    const { registry, outgoingId } = this.#parts;
    return SharedServer.open({ registry, outgoingId, onUnexpected: this.#onUnexpected }, caller, declared);
  }

  #sharedFor(caller: Caller, { initialize, level }: Declaration): Promise<SharedServer> {
    const key = JSON.stringify([initialize?.["capabilities"], level]);
    const server =
      this.#servers.get(key) ??
      this.openUnshared(caller, { ...(initialize && { initialize }), ...(level !== undefined && { level }) });
    this.#servers.delete(key);
    this.#servers.set(key, server);
    // A server that still runs requests stays referenced by their request streams.
    if (this.#servers.size > MAX_SERVERS) this.#servers.delete(this.#servers.keys().next().value as string);
    return server;
  }
}
