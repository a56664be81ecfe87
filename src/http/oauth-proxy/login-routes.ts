/**
 * A person's way through a login: what the client asks for, the question, the issuer, and back to the client. The
 * question is asked each time, since every client shares the one that is registered at the issuer.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { generateRandomCodeVerifier, generateRandomNonce, generateRandomState } from "oauth4webapi";
import { z } from "zod";
import { RedisAway } from "../redis/link.ts";
import { readRequest, redirectOf } from "./authorization-request.ts";
import { InvalidClient, type ProxyClient } from "./client.ts";
import { identityFrom } from "./logged-in-identity.ts";
import { faultPage, onwardPage, PAGE_HEADERS, questionPage } from "./pages.ts";
import { OAuthFault, parametersOf, requireParameter, type Parameters } from "./parameters.ts";
import { answerAddress, findClient, type ProxyParts } from "./parts.ts";
import { destinationOf } from "./redirect-addresses.ts";
import { TICKET } from "./tickets.ts";
import { UpstreamAway, UpstreamRefusal, type LoggedIn } from "./upstream.ts";

const LOGIN_MS = 600_000;
/** As oauth4webapi makes them. */
const STATE = /^[\w-]{43}$/;

/** Kept while the person is at the issuer, by the state that comes back. */
const LOGIN = TICKET.extend({ verifier: z.string(), nonce: z.string() });

type Login = z.output<typeof LOGIN>;

/** A login that cannot go on; the person is told so. */
class LoginFault extends Error {
  override readonly name = "LoginFault";

  constructor(
    message: string,
    readonly status: number,
    readonly back?: { readonly address: string; readonly label: string },
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const ELSEWHERE = "This was asked in another browser, or its cookie is gone. Start the login again from your client.";
const ENDED = "This took too long, or was answered before. Start the login again from your client.";

export function serveLogin(app: FastifyInstance, parts: ProxyParts): void {
  const page =
    (work: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        return await work(request, reply);
      } catch (error) {
        const fault = faultOf(error, parts);
        return reply.code(fault.status).headers(PAGE_HEADERS).send(faultPage(fault.message, fault.back));
      }
    };
  app.get(
    "/oauth/authorize",
    page((request, reply) => ask(parts, request, reply)),
  );
  app.post(
    "/oauth/consent",
    page((request, reply) => handleDecision(parts, request, reply)),
  );
  app.get(
    "/oauth/callback",
    page((request, reply) => handleCallback(parts, request, reply)),
  );
}

async function ask(parts: ProxyParts, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const parameters = parametersOf(queryOf(request));
  const client = await findClient(parts, requireParameter(parameters, "client_id"));
  const asked = requestOf(parts, parameters, client);
  const browser = parts.browsers.mark(request, reply);
  const ticket = await parts.tickets.seal({ ...asked, client: client.id, scopes: [...asked.scopes], browser });
  const { redirect, scopes } = asked;
  const question = { client, redirect, scopes, ticket, issuer: parts.upstream.host };
  return reply.headers(PAGE_HEADERS).send(questionPage(question));
}

/** What is wrong once the client and its address are known is told to the person, who may take it to the client. */
function requestOf(parts: ProxyParts, parameters: Parameters, client: ProxyClient) {
  const redirect = redirectOf(parameters, client, parts.granting);
  try {
    return readRequest(parameters, client, parts.granting);
  } catch (error) {
    if (!(error instanceof OAuthFault)) throw error;
    const state = parameters.get("state") ?? null;
    const answer = { error: error.error, error_description: error.message, state };
    const back = { address: answerAddress(redirect, parts.issuer, answer), label: destinationOf(redirect) };
    throw new LoginFault(`The client asks for what it cannot get: ${error.message}`, 400, back, { cause: error });
  }
}

async function handleDecision(parts: ProxyParts, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const parameters = parametersOf(request.body as URLSearchParams);
  const ticket = await parts.tickets.open(requireParameter(parameters, "ticket"));
  if (ticket === "ended") throw new LoginFault(ENDED, 400);
  if (ticket === "forged") throw new LoginFault("This answer does not belong to a question of this server.", 400);
  const site = request.headers["sec-fetch-site"] ?? "same-origin";
  if (site !== "same-origin" || !parts.browsers.isSame(request, ticket.browser)) throw new LoginFault(ELSEWHERE, 403);
  reply.headers(PAGE_HEADERS);
  const { redirect, state } = ticket;
  if (requireParameter(parameters, "decision") !== "allow") {
    const back = answerAddress(redirect, parts.issuer, { error: "access_denied", state });
    return reply.send(onwardPage("Denied", back, `Back to ${destinationOf(redirect)}`));
  }
  const [verifier, nonce] = [generateRandomCodeVerifier(), generateRandomNonce()];
  const login: Login = { ...ticket, verifier, nonce };
  const ours = generateRandomState();
  const address = await parts.upstream.loginAddress({ state: ours, verifier, nonce });
  await parts.store.put("login", ours, login, LOGIN_MS);
  return reply.send(onwardPage("Log in", address.href, `Log in at ${parts.upstream.host}`));
}

async function handleCallback(parts: ProxyParts, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const query = queryOf(request);
  const ours = requireParameter(parametersOf(query), "state");
  const login = LOGIN.safeParse(STATE.test(ours) ? await parts.store.take("login", ours) : undefined);
  if (!login.success) throw new LoginFault(ENDED, 400);
  const { redirect, state, challenge, scopes, browser, verifier, nonce } = login.data;
  if (!parts.browsers.isSame(request, browser)) throw new LoginFault(ELSEWHERE, 403);
  const client = await findClient(parts, login.data.client);
  let loggedIn: LoggedIn;
  try {
    loggedIn = await parts.upstream.finish(query, { state: ours, verifier, nonce });
  } catch (error) {
    if (!(error instanceof UpstreamRefusal)) throw error;
    parts.log.write("info", "the issuer refused a login", { reason: error.message });
    return reply.redirect(answerAddress(redirect, parts.issuer, { error: "access_denied", state }), 302);
  }
  const identity = identityFrom(loggedIn.claims, client, scopes);
  const grant = { client: client.id, identity, scopes, upstream: loggedIn.refreshToken };
  const { subject, organisation } = identity;
  parts.log.write("info", "somebody logged in", { subject, organisation, client: client.shownAs, scopes });
  const code = await parts.grants.begin(grant, { client: client.id, redirect, challenge });
  reply.header("cache-control", "no-store");
  return reply.redirect(answerAddress(redirect, parts.issuer, { code, state }), 302);
}

function queryOf({ url }: FastifyRequest): URLSearchParams {
  const at = url.indexOf("?");
  return new URLSearchParams(at === -1 ? "" : url.slice(at + 1));
}

/** What cannot be told is passed on, and ends as this server's own fault. */
function faultOf(error: unknown, { log }: ProxyParts): LoginFault {
  if (error instanceof LoginFault) return error;
  if (error instanceof OAuthFault) return new LoginFault(error.message, 400);
  if (error instanceof InvalidClient) return new LoginFault(`The client is not known: ${error.message}.`, 400);
  if (error instanceof RedisAway) return new LoginFault("Logins cannot be kept just now. Try again.", 503);
  if (!(error instanceof UpstreamAway)) throw error;
  log.write("warn", "a login could not be finished at the issuer", { reason: error.message });
  return new LoginFault("The issuer's answer does not fit this login, or it cannot be reached. Try again.", 502);
}
