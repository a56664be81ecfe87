/**
 * The way to the collector through the proxy that the settings name. The exporters know no proxies, and speak by Node's
 * own agents: so these do.
 */
import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";
import type { Agent } from "node:http";
import { wayTo } from "../addresses/proxies.ts";

/** An exporter's options; none where the collector is reached directly, so that it reads its certificates' settings. */
export function proxied(endpoint: string): { httpAgentOptions?: (protocol: string) => Agent } {
  const way = wayTo(new URL(endpoint));
  if (way.kind === "direct") return {};
  const { url } = way.proxy;
  const options = { keepAlive: true };
  return {
    httpAgentOptions: (protocol) =>
      protocol === "https:" ? new HttpsProxyAgent(url, options) : new HttpProxyAgent(url, options),
  };
}
