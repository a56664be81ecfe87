/**
 * One server of the SDK for all clients that declared the same, instead of one for each session.
 * All that such a server knows of a client is its declaration and its log level. So a request needs no new server, and
 * an idle session needs none at all.
 *
 * Requests have ids of this server's own, one for each request stream; the ids of different clients may be equal.
 * Every message of the SDK carries the id of the request that it belongs to. A notification without one is dropped.
 */
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { Transport, TransportSendOptions } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage, JSONRPCRequest, JSONRPCResponse, RequestId } from "@modelcontextprotocol/sdk/types.js";
import type { Caller, Registry } from "../../../mcp/registry.ts";
import { createLegacyServer } from "../../../mcp/legacy/legacy.ts";
import type { OnUnexpected } from "../../../mcp/legacy/answer-request.ts";
import type { Declaration, RequestServer, ServedRequest } from "./request-server.ts";

export interface SharedServerParts {
  readonly registry: Registry;
  /** Makes the id of a question from its request stream's number and the SDK's own id. */
  readonly outgoingId: (number: number, id: RequestId) => string;
  readonly onUnexpected: OnUnexpected;
}

/** The id of the requests that declare a client; their answers are dropped. */
const REPLAY = "replay";

export class SharedServer implements Transport, RequestServer {
  onmessage: NonNullable<Transport["onmessage"]> = () => undefined;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  #replayed: () => void = () => undefined;
  readonly #requests = new Map<RequestId, ServedRequest>();
  readonly #outgoingId: (number: number, id: RequestId) => string;

  private constructor(outgoingId: (number: number, id: RequestId) => string) {
    this.#outgoingId = outgoingId;
  }

  /** A server for clients that declared the same; its instructions are those of `caller`. */
  static async open(
    { registry, outgoingId, onUnexpected }: SharedServerParts,
    caller: Caller,
    declared: Declaration,
  ): Promise<SharedServer> {
    const shared = new SharedServer(outgoingId);
    const server: Server = createLegacyServer(registry, caller, {
      onUnexpected,
      callerOf: ({ requestId }) => shared.#requests.get(requestId)?.caller,
    });
    await server.connect(shared);
    if (declared.initialize !== undefined) await shared.#replay("initialize", declared.initialize);
    if (declared.level !== undefined) await shared.#replay("logging/setLevel", { level: declared.level });
    return shared;
  }

  ask(number: number, requestStream: ServedRequest): void {
    this.#requests.set(number, requestStream);
    this.onmessage({ ...requestStream.request, id: number } as JSONRPCRequest);
  }

  answer(id: number, response: JSONRPCResponse): void {
    this.onmessage({ ...response, id } as JSONRPCResponse);
  }

  cancel(number: number, reason: string | undefined): void {
    this.#requests.delete(number);
    this.onmessage({
      jsonrpc: "2.0",
      method: "notifications/cancelled",
      params: { requestId: number, ...(reason !== undefined && { reason }) },
    });
  }

  async start(): Promise<void> {}

  async close(): Promise<void> {
    this.onclose?.();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (!("method" in message)) {
      const number = message.id as RequestId;
      if (number === REPLAY) return this.#replayed();
      const requestStream = this.#requests.get(number);
      this.#requests.delete(number);
      requestStream?.finish(JSON.stringify({ ...message, id: requestStream.request.id }));
      return;
    }
    const number = options?.relatedRequestId;
    const requestStream = number === undefined ? undefined : this.#requests.get(number);
    if ("id" in message) {
      if (requestStream === undefined) throw new Error("A question that belongs to no request has nobody to go to.");
      requestStream.emit({ ...message, id: this.#outgoingId(number as number, message.id) });
    } else if (message.method === "notifications/cancelled") {
      const { requestId, ...rest } = message.params as { requestId: RequestId };
      requestStream?.emit({
        ...message,
        params: { ...rest, requestId: this.#outgoingId(number as number, requestId) },
      });
    } else requestStream?.emit(message);
  }

  #replay(method: string, params: Readonly<Record<string, unknown>>): Promise<void> {
    return new Promise((resolve) => {
      this.#replayed = resolve;
      this.onmessage({ jsonrpc: "2.0", id: REPLAY, method, params } as JSONRPCRequest);
    });
  }
}
