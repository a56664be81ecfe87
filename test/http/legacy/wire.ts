/** A client that hides nothing of the wire: statuses, headers and each event with its id. */
export interface WireEvent {
  readonly id?: string;
  readonly data: string;
  readonly retry?: string;
}

export type Headers = Readonly<Record<string, string>>;

export const ACCEPT = "application/json, text/event-stream";

export const INITIALIZE = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};

/** Posts a message, or a text that should be one. */
export function post(url: string, body: unknown, headers: Headers = {}, signal?: AbortSignal): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { accept: ACCEPT, "content-type": "application/json", "mcp-protocol-version": "2025-11-25", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(signal && { signal }),
  });
}

/** Opens a session's stream, or one that is resumed. */
export function get(url: string, headers: Headers = {}, signal?: AbortSignal): Promise<Response> {
  return fetch(url, {
    headers: { accept: "text/event-stream", "mcp-protocol-version": "2025-11-25", ...headers },
    ...(signal && { signal }),
  });
}

/** Starts a session and returns the headers that name it. */
export async function open(
  url: string,
  headers: Headers = {},
  capabilities: object = {},
  revision = "2025-11-25",
): Promise<Record<string, string>> {
  const answer = await post(
    url,
    { ...INITIALIZE, params: { ...INITIALIZE.params, capabilities, protocolVersion: revision } },
    headers,
  );
  const id = answer.headers.get("mcp-session-id");
  if (answer.status !== 200 || id === null) throw new Error(`initialize: ${answer.status} ${await answer.text()}`);
  await answer.text();
  return { ...headers, "mcp-session-id": id, "mcp-protocol-version": revision };
}

/** The events of a stream as they come; comments are left out. */
export async function* events(response: Response): AsyncGenerator<WireEvent> {
  let text = "";
  for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
      const fields = text
        .slice(0, end)
        .split("\n")
        .filter((line) => !line.startsWith(":"));
      text = text.slice(end + 2);
      if (fields.length === 0) continue;
      const of = (name: string) =>
        fields.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2))[0];
      const id = of("id");
      const retry = of("retry");
      yield { data: of("data") ?? "", ...(id !== undefined && { id }), ...(retry !== undefined && { retry }) };
    }
  }
}

/** All events until the stream ends. */
export async function allEvents(response: Response): Promise<WireEvent[]> {
  const all: WireEvent[] = [];
  for await (const event of events(response)) all.push(event);
  return all;
}

/** The JSON of the events that have some. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- messages of any shape are looked at here
export const messages = (of: readonly WireEvent[]): Record<string, any>[] =>
  of.filter(({ data }) => data !== "").map(({ data }) => JSON.parse(data));

/** A call of a tool, as a message. */
export function call(id: string | number, name: string, args: object = {}, token?: string | number) {
  return {
    jsonrpc: "2.0",
    id,
    method: "tools/call",
    params: { name, arguments: args, ...(token !== undefined && { _meta: { progressToken: token } }) },
  };
}
