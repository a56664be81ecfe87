/**
 * Answers requests of clients that declared no capability, such as those without a session: the server cannot ask them
 * anything, and all that they get is notifications and one answer.
 * The SDK's server adds nothing to that, and its schemas, its own abort controller and its turns of the event loop take
 * a tenth of the time of a call.
 */
import type { RequestId } from "@modelcontextprotocol/sdk/types.js";
import type { Json } from "../../../catalog/json.ts";
import { answerRequest, type LegacyRequest, type OnUnexpected } from "../../../mcp/legacy/answer-request.ts";
import { METHODS } from "../../../mcp/methods.ts";
import type { Registry } from "../../../mcp/registry.ts";
import type { RpcError } from "../../../mcp/rpc-error.ts";
import type { Declaration, RequestServer, ServedRequest } from "./request-server.ts";

/** Whether a request needs neither the client's declaration nor a method that only the SDK implements. */
export function isPlain(method: string, { initialize, level }: Declaration): boolean {
  if (level !== undefined || !Object.hasOwn(METHODS, method)) return false;
  const capabilities = initialize?.["capabilities"] as Json | undefined;
  // Which of them lets the server ask something is for the SDK's server to know.
  return Object.keys(capabilities ?? {}).length === 0;
}

export class PlainServer implements RequestServer {
  readonly #running = new Map<number, AbortController>();
  readonly #registry: Registry;
  readonly #onUnexpected: OnUnexpected;

  constructor(registry: Registry, onUnexpected: OnUnexpected) {
    this.#registry = registry;
    this.#onUnexpected = onUnexpected;
  }

  ask(number: number, served: ServedRequest): void {
    void this.#run(number, served).catch((error: unknown) => this.#onUnexpected(error, served.request.method));
  }

  /** Does nothing: this server asks no questions. */
  answer(): void {}

  cancel(number: number, reason: string | undefined): void {
    this.#running.get(number)?.abort(reason);
  }

  /** Rejects where the answer could not be delivered. */
  async #run(number: number, served: ServedRequest): Promise<void> {
    const controller = new AbortController();
    this.#running.set(number, controller);
    const answer = await this.#answerOf(served, controller);
    this.#running.delete(number);
    // Of a cancelled request the stream has ended already, and ignores this.
    served.finish(answer);
  }

  /** The answer or the error, as JSON text. Never rejects. */
  async #answerOf(served: ServedRequest, controller: AbortController): Promise<string> {
    const { request, caller } = served;
    const { id, method, params = {} } = request;
    const legacyRequest: LegacyRequest = {
      id,
      method,
      params,
      caller,
      revision: caller.wire?.revision,
      signal: controller.signal,
      abort: (reason) => controller.abort(reason),
      notify: (notification, about) => served.emit({ jsonrpc: "2.0", method: notification, params: about }),
    };
    try {
      return resultText(id, await answerRequest(this.#registry, legacyRequest, this.#onUnexpected));
    } catch (error) {
      return errorText(id, error as RpcError);
    }
  }
}

function resultText(id: RequestId, result: Json): string {
  return JSON.stringify({ jsonrpc: "2.0", id, result });
}

function errorText(id: RequestId, { code, message, data }: RpcError): string {
  return JSON.stringify({ jsonrpc: "2.0", id, error: { code, message, data } });
}
