/**
 * Lets exporters use the configured proxy. They have no setting for one, but accept agents of Node, which can.
 */
import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";
import type { Agent } from "node:http";
import { wayTo } from "../addresses/proxies.ts";

/** An exporter's options; empty without a proxy, since with an agent it ignores its settings for certificates. */
export function proxyOptions(endpoint: string): { httpAgentOptions?: (protocol: string) => Agent } {
  const way = wayTo(new URL(endpoint));
  if (way.kind === "direct") return {};
  const { url } = way.proxy;
  const options = { keepAlive: true };
  return {
    httpAgentOptions: (protocol) =>
      protocol === "https:" ? new HttpsProxyAgent(url, options) : new HttpProxyAgent(url, options),
  };
}
