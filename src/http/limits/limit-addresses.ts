/** Which requests count for their address, and which of them count as logins besides. */
import type { FastifyInstance } from "fastify";
import type { RateLimits } from "./limit-rate.ts";

/** What balancers ask for all the time, and what tells them nothing that a limit could protect. */
const UNCOUNTED: ReadonlySet<string> = new Set(["/health", "/ready"]);

/** Where people log in and clients register, in mode oauth-proxy. */
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
