/** Prepares requests to Portkey, for every command that sends any: through proxies, or to a sandbox in this process. */
import { useProxies } from "../addresses/proxies.ts";
import type { Config } from "../config/config.ts";

/** Sets the process's proxies. With the sandbox, starts it and replaces Portkey's addresses and keys by its own. */
export async function openUpstream(config: Config): Promise<{ config: Config; close: () => Promise<void> }> {
  const { proxies = { noProxy: "" } } = config;
  if (!config.sandbox) {
    useProxies(proxies);
    return { config, close: async () => {} };
  }
  const { startSeeded } = await import("./start-seeded.ts");
  const { edition, tokenUrl: usesTokens } = config;
  const started = await startSeeded(config.sandboxSeed, { ...(edition && { edition }) });
  const { bases, tokenUrl, account, close } = started;
  const credentials = usesTokens === undefined ? started.credentials : { account };
  // Requests to this process must not use a proxy.
  const own = Object.values(bases).map((base) => new URL(base).host);
  useProxies({ ...proxies, noProxy: [proxies.noProxy, ...own].join(",") });
  const upstream = { bases, credentials, ...(usesTokens !== undefined && { tokenUrl }) };
  return { config: Object.freeze({ ...config, ...upstream, allowPrivateBase: true }), close };
}
