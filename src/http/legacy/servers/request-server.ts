/** What answers requests of clients: SharedServer with the SDK, or PlainServer without. */
import type { JSONRPCResponse } from "@modelcontextprotocol/sdk/types.js";
import type { RequestStream } from "../request-stream.ts";

/** A request, its caller, and where its messages go. */
export type ServedRequest = Pick<RequestStream, "request" | "caller" | "emit" | "finish">;

/** What a client has declared; the SDK's server gets both before its first request. */
export interface Declaration {
  /** The parameters of `initialize`. */
  readonly initialize?: Readonly<Record<string, unknown>>;
  /** The level that `logging/setLevel` asked for. */
  readonly level?: string;
}

export interface RequestServer {
  /** Runs a request, which gets all the messages that answer it. `number` names it in `cancel` and in questions. */
  ask(number: number, request: ServedRequest): void;
  /** Handles a client's answer to question `id` of this server. */
  answer(id: number, response: JSONRPCResponse): void;
  /** Aborts a request, which gets no further message. */
  cancel(number: number, reason: string | undefined): void;
}
