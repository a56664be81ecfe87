/**
 * The path of MCP_PUBLIC_BASE_URL. Proxies may forward requests with or without it: both are served. Well-known
 * documents are served at the host's root, as their standards require.
 */
import type { FastifyInstance, FastifyServerOptions } from "fastify";
import type { HttpConfig } from "../../config/http-config.ts";

type Public = Pick<HttpConfig, "publicBaseUrl">;

/** The path without a trailing slash; "" where there is none. */
export function pathPrefix({ publicBaseUrl }: Public): string {
  return publicBaseUrl === null ? "" : new URL(publicBaseUrl).pathname.replace(/\/$/, "");
}

/** A Fastify option that removes the prefix before a request is routed. */
export function prefixOption(http: Public): Pick<FastifyServerOptions, "rewriteUrl"> {
  const prefix = pathPrefix(http);
  if (prefix === "") return {};
  return {
    rewriteUrl: ({ url = "/" }) => (url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : url),
  };
}

/** Redirects the bare prefix to that with a slash, which the page's relative links need. */
export function redirectToSlash(app: FastifyInstance, http: Public): void {
  const prefix = pathPrefix(http);
  if (prefix === "") return;
  app.get(prefix, (_request, reply) => reply.redirect(`${prefix}/`, 308));
}
