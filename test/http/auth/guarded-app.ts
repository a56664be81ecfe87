/** The smallest app that a caller reaches only through src/http/auth: answers with who it is and what it may do. */
import Fastify, { type FastifyInstance } from "fastify";
import { createPolicy } from "../../../src/catalog/create-policy.ts";
import { decide } from "../../../src/catalog/decide.ts";
import type { PolicyInput } from "../../../src/catalog/policy.ts";
import type { HttpConfig } from "../../../src/config/http-config.ts";
import type { AuthOptions } from "../../../src/http/auth/auth-options.ts";
import { createAuth } from "../../../src/http/auth/create-auth.ts";
import { HttpRefusal } from "../../../src/http/auth/refusal.ts";
import { httpConfig } from "../http-config.ts";
import { RECORDS } from "../../catalog-policy/records.ts";

export const CONFIG = httpConfig({ maxSessions: 10, publicBaseUrl: "https://mcp.example.com" });
/** What a token for the app names. */
export const AUDIENCE = "https://mcp.example.com/mcp";

/** What `POST /mcp` answers. */
export interface Seen {
  readonly principal: string;
  readonly binding: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly client: string | null;
  readonly organisation: string | null;
  readonly tools: readonly string[];
  readonly confirm: string;
  readonly keys: Readonly<Record<string, string>>;
}

export type Given = Partial<HttpConfig> & {
  readonly server?: PolicyInput;
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: Partial<AuthOptions>;
};

/** An app whose one route answers with what authentication made of the request. */
export function startGuardedApp({ server = {}, env = {}, options = {}, ...config }: Given): FastifyInstance {
  const auth = createAuth({
    config: { ...CONFIG, ...config },
    policy: createPolicy(server),
    credentials: { workspaceKey: "pk-server" },
    records: RECORDS,
    readSecret: (reference) => ("env" in reference ? env[reference.env] : undefined),
    ...options,
  });
  const app = Fastify({ routerOptions: { querystringParser: (text) => Object.fromEntries(multi(text)) } });
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof HttpRefusal)) throw error;
    return reply.code(error.statusCode).headers(error.headers).send(error.body());
  });
  auth.registerMetadata(app);
  app.post("/mcp", async (request): Promise<Seen> => {
    const caller = await auth.authenticate(request);
    const body = request.body as { params?: { name?: string } } | undefined;
    auth.requireScopes(
      caller,
      RECORDS.filter(({ name }) => name === body?.params?.name),
      request,
    );
    const { roles, scopes, client, organisation } = caller.identity;
    return {
      principal: caller.principal,
      binding: caller.binding,
      roles,
      scopes,
      client,
      organisation,
      tools: RECORDS.filter((record) => decide(caller.policy, record).allowed).map(({ name }) => name),
      confirm: caller.policy.confirm,
      keys: { ...(caller.credentials as Record<string, string>) },
    };
  });
  return app;
}

function multi(text: string): Map<string, string | string[]> {
  const parameters = new URLSearchParams(text);
  return new Map(
    [...new Set(parameters.keys())].map((name) => [
      name,
      parameters.getAll(name).length > 1 ? parameters.getAll(name) : (parameters.get(name) ?? ""),
    ]),
  );
}
