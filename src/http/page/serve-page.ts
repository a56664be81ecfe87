/** Serves the page at `/` and its files, whose names change with their content so that they can be cached for ever. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { editionOf } from "../../config/editions.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import type { Registry } from "../../mcp/registry.ts";
import { authorizationServer, resourceOf } from "../auth/resource.ts";
import type { Readiness } from "../status/readiness.ts";
import { clientGuides, type Access } from "./clients.ts";
import { renderPage } from "./html.ts";
import { SCRIPT } from "./script.ts";
import { addressOf, ICON, STYLE } from "./style.ts";

export interface PageParts {
  readonly registry: Registry;
  readonly http: HttpConfig;
  readonly ready: () => Promise<Readiness>;
}

const FOR_EVER = "public, max-age=31536000, immutable";

export function servePage(app: FastifyInstance, { registry, http, ready }: PageParts): void {
  const style = serveFile(app, "page.css", "text/css; charset=utf-8", STYLE);
  const script = serveFile(app, "page.js", "text/javascript; charset=utf-8", SCRIPT);
  const icon = serveFile(app, "icon.svg", "image/svg+xml", ICON);
  const { title, version } = registry.serverInfo;
  app.get("/", { exposeHeadRoute: true }, async (request, reply) => {
    const access = accessOf(http, request);
    reply.type("text/html; charset=utf-8").header("cache-control", "no-store");
    return renderPage({
      title,
      ...(http.auth.mode === "none" && { version }),
      url: access.url,
      access: accessInWords(http),
      state: await ready(),
      clients: clientGuides(access),
      style,
      script,
      icon,
    });
  });
}

/** Serves a text at an address that changes with it. Returns the relative address, which works behind any path. */
function serveFile(app: FastifyInstance, name: string, type: string, text: string): string {
  app.get(`/${name}`, async (_request, reply) => reply.type(type).header("cache-control", FOR_EVER).send(text));
  return addressOf(name, text);
}

function accessOf(http: HttpConfig, request: FastifyRequest): Access {
  return {
    url: resourceOf(http, request).resource,
    login: authorizationServer(http) !== null,
    headers: {
      ...(http.auth.mode === "bearer" && { Authorization: "Bearer <token>" }),
      ...(http.credentials === "caller" && callerHeaders(http)),
    },
  };
}

function callerHeaders(http: HttpConfig): Readonly<Record<string, string>> {
  const required = editionOf(http).parts.filter((part) => part.required);
  return Object.fromEntries(required.map(({ header, label }) => [header, `<your ${label.replace("key", "API key")}>`]));
}

const ACCESS: Readonly<Record<HttpConfig["auth"]["mode"], string>> = {
  none: "Whoever reaches this address may use it.",
  bearer: "Each request needs a token that this server's operator gives out.",
  jwt: "Your client will open a browser to log in.",
  clerk: "Your client will open a browser to log in.",
  "oauth-proxy": "Your client will open a browser to log in.",
  "portkey-gateway": "Requests come through Portkey's MCP gateway: connect your client to that.",
};

function accessInWords(http: HttpConfig): string {
  const { auth, credentials } = http;
  const { name, credential } = editionOf(http).product;
  return credentials === "caller"
    ? `${ACCESS[auth.mode]} Calls use your own ${name} ${credential}.`
    : ACCESS[auth.mode];
}
