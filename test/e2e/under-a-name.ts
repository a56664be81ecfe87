/** Requests to an address under another name: what a balancer passes on, or a client that knows a service's name. */
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { text as textOf } from "node:stream/consumers";

export interface Sent {
  readonly address: string;
  readonly port: number;
  readonly path?: string;
  /** `host` is the name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** An MCP message, posted; without one it is a GET. */
  readonly message?: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

/** Sends one request and reads its whole answer. */
export async function send({ address, port, path = "/mcp", headers = {}, message }: Sent): Promise<Answer> {
  const forms = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const method = message === undefined ? "GET" : "POST";
  const sent = request({ host: address, port, path, method, headers: { ...forms, ...headers } });
  sent.end(message && JSON.stringify({ jsonrpc: "2.0", id: 1, ...message }));
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: await textOf(answer) };
}

/** Opens a session, and resolves with the headers of its further messages. */
export async function openSession(sent: Omit<Sent, "message">): Promise<Answer & { session: Record<string, string> }> {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
  const opened = await send({ ...sent, message: { method: "initialize", params } });
  const id = opened.headers["mcp-session-id"];
  const kept = typeof id === "string" ? { "mcp-session-id": id } : {};
  return { ...opened, session: { ...sent.headers, ...kept } };
}
