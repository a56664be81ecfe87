/** The endpoint on a listening Fastify app, as the real app would mount it; the caller is named by a header. */
import Fastify from "fastify";
import type { AddressInfo } from "node:net";
import { answerErrors } from "../../../src/http/routes/answer-errors.ts";
import { readJsonBodies } from "../../../src/http/routes/json-body.ts";
import { createLegacyEndpoint } from "../../../src/http/legacy/create-endpoint.ts";
import type { LegacyEndpointOptions, LegacyTiming } from "../../../src/http/legacy/endpoint-options.ts";
import { silentLog } from "../../../src/log/log.ts";
import { callerNamed, fakeRegistry, type Behaviour } from "../../mcp-adapters/fake-registry.ts";

export type EndpointSettings = LegacyEndpointOptions["http"];

export const SETTINGS: EndpointSettings = {
  sessionMode: "stateful",
  sessionTimeoutMs: 60_000,
  maxSessions: 1_000,
  eventStore: { kind: "off", ttlSeconds: 60, maxEvents: 1_000, maxBytes: 1_000_000, encryptionKey: null },
};

export interface ServeOptions extends Partial<Omit<LegacyEndpointOptions, "http" | "timing">> {
  readonly http?: Partial<EndpointSettings>;
  readonly tools?: Readonly<Record<string, Behaviour>>;
  readonly timing?: Partial<LegacyTiming>;
}

/** Starts it on a free port. */
export async function serve({ http, tools, ...rest }: ServeOptions = {}) {
  const endpoint = createLegacyEndpoint({
    registry: fakeRegistry(tools),
    http: { ...SETTINGS, ...http },
    log: silentLog,
    ...rest,
  });
  const app = Fastify({ forceCloseConnections: true });
  answerErrors(app, silentLog);
  readJsonBodies(app);
  app.route({
    method: ["POST", "GET", "DELETE"],
    url: "/mcp",
    exposeHeadRoute: false,
    handler: (request, reply) =>
      endpoint.handle(request, reply, callerNamed(String(request.headers["x-principal"] ?? "alice"))),
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/mcp`;
  return {
    endpoint,
    url,
    async close() {
      await endpoint.close();
      await app.close();
    },
  };
}

export type Served = Awaited<ReturnType<typeof serve>>;
