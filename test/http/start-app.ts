/** A listening app over a small registry, for tests of what surrounds MCP. */
import type { HttpConfig } from "../../src/config/http-config.ts";
import type { AppParts } from "../../src/http/app.ts";
import type { HttpServer, HttpServerParts } from "../../src/http/server-parts.ts";
import { startHttp } from "../../src/http/start.ts";
import { silentLog } from "../../src/log/log.ts";
import type { Registry } from "../../src/mcp/registry.ts";
import { fakeRegistry, POLICY } from "../mcp-adapters/fake-registry.ts";
import { httpConfig } from "./http-config.ts";

export interface Started extends HttpServer {
  readonly port: number;
}

/** Answers every legacy request with what reached it. */
export const ECHOING_LEGACY: AppParts["legacy"] = {
  handle: async (request, reply, caller) =>
    reply.code(200).send({ legacy: request.method, body: request.body ?? null, principal: caller.principal }),
  close: async () => undefined,
  stats: () => ({ sessions: 3 }),
  health: () => "ok",
};

/** Starts it on a free port, with a configuration and parts of the test's own. */
export async function startApp(
  changes: Partial<HttpConfig> = {},
  parts: Partial<HttpServerParts> & { readonly served?: Registry } = {},
): Promise<Started> {
  const server = await startHttp({
    http: httpConfig(changes),
    policy: POLICY,
    credentials: {},
    records: [],
    readSecret: () => undefined,
    log: silentLog,
    registry: () => parts.served ?? fakeRegistry(),
    legacy: () => ECHOING_LEGACY,
    ...parts,
  });
  return { ...server, port: Number(new URL(server.url).port) };
}
