/** Whoever answers the requests of clients: the SDK's server, or one without it where nothing can be asked. */
import type { JSONRPCResponse } from "@modelcontextprotocol/sdk/types.js";
import type { RequestStream } from "../request-stream.ts";

/** A request, its caller, and where its messages go. */
export type ServedRequest = Pick<RequestStream, "request" | "caller" | "emit" | "finish">;

/** A client's initialize and log level; the SDK's server is told them before its first request. */
export interface Declaration {
  readonly initialize?: Readonly<Record<string, unknown>>;
  readonly level?: string;
}

export interface RequestServer {
  /** Runs a request, known as `number`, which gets all its messages. */
  ask(number: number, request: ServedRequest): void;
  /** Brings a client's answer to question `id`. */
  answer(id: number, response: JSONRPCResponse): void;
  /** Aborts a request; nothing more is said to it. */
  cancel(number: number, reason: string | undefined): void;
}
