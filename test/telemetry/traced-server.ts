/** The built server as it is run, between a Portkey and a collector behind sockets: what the tests of a trace share. */
import type { IncomingHttpHeaders } from "node:http";
import { useBuiltServer, useUpstream } from "../e2e/built-server.ts";
import { useCollector, type Collector } from "./collector.ts";
import { firstMessage } from "../event-data.ts";

export type Json = Record<string, unknown>;

export const TRACE = "0af7651916cd43dd8448eb211c80319c";
export const PARENT = "b7ad6b7169203331";
export const traceparent = `00-${TRACE}-${PARENT}-01`;
/** Spans come as they end, not after the usual five seconds. */
export const SOON = { OTEL_BSP_SCHEDULE_DELAY: "10", OTEL_METRIC_EXPORT_INTERVAL: "100" };
/** Over HTTP on any port, each request by itself. */
export const HTTP = { MCP_PORT: "0", MCP_SESSION_MODE: "stateless" };

/** Starts what a test of this file needs; what a test started ends with it. */
export function useTracedServer() {
  const server = useBuiltServer();
  const upstream = useUpstream();
  const collector = useCollector();

  /** A Portkey that answers each request with `status`, and what it was sent. */
  async function portkey(status = 200) {
    const seen: { url: string; headers: IncomingHttpHeaders }[] = [];
    const env = await upstream((request, response) => {
      seen.push({ url: request.url ?? "", headers: request.headers });
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(status === 200 ? '{"success":true,"data":[]}' : '{"success":false,"data":{"message":"no"}}');
    });
    return { env, seen };
  }

  return { server, collector, portkey };
}

/** The settings that lead a server to a collector. */
export function settingsFor({ url }: Collector): Record<string, string> {
  return { ...SOON, OTEL_EXPORTER_OTLP_ENDPOINT: url };
}

/** What a server at `url` answers to a message, as JSON or as the first event of a stream. */
export async function post(url: string, message: Json, headers: Record<string, string> = {}): Promise<Json> {
  const response = await fetch(`${url}/mcp`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
    body: JSON.stringify({ jsonrpc: "2.0", ...message }),
  });
  return firstMessage(await response.text()) as Json;
}

/** A call with the id 7. */
export function listConfigs(meta: Json = {}): Json {
  return { id: 7, method: "tools/call", params: { name: "list_configs", arguments: {}, _meta: meta } };
}

/** The span of the first call of a tool. */
export const findToolSpan = ({ spans }: Collector) => spans.find(({ name }) => name.startsWith("tools/call"));
