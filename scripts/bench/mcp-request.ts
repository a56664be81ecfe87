/** Makes MCP requests as clients of both eras send them over HTTP, and reads the answers. */

export interface WireRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Era = "legacy" | "modern";

type Params = Readonly<Record<string, unknown>>;

/** The newest revision that both this server and the baseline speak. */
const LEGACY_REVISION = "2025-11-25";
const MODERN_REVISION = "2026-07-28";
const CLIENT = { name: "bench", version: "1" };
const BOTH_TYPES = { "content-type": "application/json", accept: "application/json, text/event-stream" };

export function wireRequest(era: Era, method: string, params: Params = {}, sessionId?: string): WireRequest {
  if (era === "modern") {
    const meta = {
      "io.modelcontextprotocol/protocolVersion": MODERN_REVISION,
      "io.modelcontextprotocol/clientInfo": CLIENT,
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const { name } = params;
    return {
      headers: {
        ...BOTH_TYPES,
        "mcp-protocol-version": MODERN_REVISION,
        "mcp-method": method,
        ...(typeof name === "string" && { "mcp-name": name }),
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: meta } }),
    };
  }
  return {
    headers: {
      ...BOTH_TYPES,
      "mcp-protocol-version": LEGACY_REVISION,
      ...(sessionId !== undefined && { "mcp-session-id": sessionId }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  };
}

/** Sends one request; its JSON-RPC answer, and the body as it came. Throws where it is no result. */
export async function ask(
  url: string,
  request: WireRequest,
): Promise<{ readonly result: Readonly<Record<string, unknown>>; readonly text: string }> {
  const answer = await fetch(url, { method: "POST", ...request, signal: AbortSignal.timeout(30_000) });
  const text = await answer.text();
  const { result } = answer.ok ? (JSON.parse(jsonOf(text)) as { result?: Readonly<Record<string, unknown>> }) : {};
  if (result === undefined || result["isError"] === true)
    throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 500)}`);
  return { result, text };
}

/** The answer's JSON where it is an event stream of one message, or JSON as it is. */
export function jsonOf(text: string): string {
  if (text.startsWith("{")) return text;
  const data = text.split(/\r?\n/).filter((line) => line.startsWith("data: ") && line.length > "data: ".length);
  return (data.at(-1) ?? "").slice("data: ".length);
}

/** Opens a session of the legacy era; resolves with its id. */
export async function openSession(url: string): Promise<string> {
  const initialize = wireRequest("legacy", "initialize", {
    protocolVersion: LEGACY_REVISION,
    capabilities: {},
    clientInfo: CLIENT,
  });
  const answer = await fetch(url, { method: "POST", ...initialize, signal: AbortSignal.timeout(30_000) });
  await answer.text();
  const id = answer.headers.get("mcp-session-id");
  if (!answer.ok || id === null) throw new Error(`${url} answered initialize with ${answer.status} and no session.`);
  const { headers } = wireRequest("legacy", "ping", {}, id);
  const response = await fetch(url, {
    method: "POST",
    headers,
    body: JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }),
  });
  await response.text();
  return id;
}

/** Opens `count` sessions, a few at a time. */
export async function openSessions(url: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) ids.push(await openSession(url));
  };
  await Promise.all(Array.from({ length: Math.min(16, count) }, worker));
  return ids;
}
