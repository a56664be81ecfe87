/** Applies the rate limits by address: to all requests, and further ones to logins and registrations. */
import type { FastifyInstance } from "fastify";
import type { RateLimits } from "./limit-rate.ts";

/** Probes of load balancers, which are frequent and cheap to answer. */
const UNCOUNTED: ReadonlySet<string> = new Set(["/health", "/ready"]);

/** The routes of mode oauth-proxy: logins, tokens and registrations. */
const LOGIN_PATH = "/oauth/";
const REGISTER_PATH = "/oauth/register";

export function limitAddresses(app: FastifyInstance, limits: RateLimits): void {
  app.addHook("onRequest", async (request, reply) => {
    const { url = "" } = request.routeOptions;
    if (!UNCOUNTED.has(url)) await limits.address(request, reply);
    if (!url.startsWith(LOGIN_PATH)) return;
    if (url === REGISTER_PATH) await limits.registration(request, reply);
    else await limits.login(request, reply);
  });
}
