/**
 * The path of MCP_PUBLIC_BASE_URL. A proxy may pass requests on with it or take it off: both are served, and what
 * stands at the host's root by its standard, the well-known documents, stands there.
 */
import type { FastifyInstance, FastifyServerOptions } from "fastify";
import type { HttpConfig } from "../../config/http-config.ts";

type Public = Pick<HttpConfig, "publicBaseUrl">;

/** Without a slash at its end; "" where there is none. */
export function pathPrefix({ publicBaseUrl }: Public): string {
  return publicBaseUrl === null ? "" : new URL(publicBaseUrl).pathname.replace(/\/$/, "");
}

/** Takes the prefix off, before anything else sees the request. */
export function takePrefixOff(http: Public): Pick<FastifyServerOptions, "rewriteUrl"> {
  const prefix = pathPrefix(http);
  if (prefix === "") return {};
  return {
    rewriteUrl: ({ url = "/" }) => (url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : url),
  };
}

/** The page's links count from the slash. */
export function redirectToSlash(app: FastifyInstance, http: Public): void {
  const prefix = pathPrefix(http);
  if (prefix === "") return;
  app.get(prefix, (_request, reply) => reply.redirect(`${prefix}/`, 308));
}
