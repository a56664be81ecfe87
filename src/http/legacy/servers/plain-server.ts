/**
 * Answers requests of clients that declared nothing that they can be asked, as those without a session: what goes out
 * is notifications and one answer. For that the SDK's server has nothing to do, and its schemas, its own abort
 * controller and its turns of the event loop take a tenth of a call.
 */
import type { RequestId } from "@modelcontextprotocol/sdk/types.js";
import type { Json } from "../../../catalog/json.ts";
import { answerRequest, type LegacyRequest, type TellUnexpected } from "../../../mcp/legacy/answer-request.ts";
import { METHODS } from "../../../mcp/methods.ts";
import type { Registry } from "../../../mcp/registry.ts";
import type { RpcError } from "../../../mcp/rpc-error.ts";
import type { Declaration, RequestServer, ServedRequest } from "./request-server.ts";

/** What a client can declare that it is asked for. */
const ASKED = ["elicitation", "sampling", "roots"];

/** Whether a client's request needs neither what it declared nor a method of the SDK's own. */
export function isPlain(method: string, { initialize, level }: Declaration): boolean {
  if (level !== undefined || !Object.hasOwn(METHODS, method)) return false;
  const capabilities = initialize?.["capabilities"] as Json | undefined;
  return ASKED.every((name) => capabilities?.[name] === undefined);
}

export class PlainServer implements RequestServer {
  readonly #running = new Map<number, AbortController>();
  readonly #registry: Registry;
  readonly #unexpected: TellUnexpected;

  constructor(registry: Registry, unexpected: TellUnexpected) {
    this.#registry = registry;
    this.#unexpected = unexpected;
  }

  ask(number: number, served: ServedRequest): void {
    void this.#run(number, served).catch((error: unknown) => this.#unexpected(error, served.request.method));
  }

  /** Nothing was asked. */
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
    // Whoever cancelled has ended the stream, and it takes nothing more.
    served.finish(answer);
  }

  /** The answer's text. Never rejects. */
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
      return resultText(id, await answerRequest(this.#registry, legacyRequest, this.#unexpected));
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
