/**
 * The steps of a login: the client's authorization request, the consent page, the login at the issuer, and the return
 * to the client.
 * The person is asked for consent each time. The issuer cannot ask: all clients use the one that is registered there.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { generateRandomCodeVerifier, generateRandomNonce, generateRandomState } from "oauth4webapi";
import { z } from "zod";
import { RedisAway } from "../redis/link.ts";
import { readRequest, requireRedirect } from "./authorization-request.ts";
import { InvalidClient, type ProxyClient } from "./client.ts";
import { identityFrom } from "./logged-in-identity.ts";
import { consentPage, continuePage, faultPage, PAGE_HEADERS } from "./pages.ts";
import { OAuthFault, parseForm, parseParameters, requireParameter, type Parameters } from "./parameters.ts";
import { answerAddress, findClient, type ProxyParts } from "./parts.ts";
import { destinationOf } from "./redirect-addresses.ts";
import { TICKET } from "./tickets.ts";
import { UpstreamAway, UpstreamRefusal, type LoggedIn } from "./upstream.ts";

const LOGIN_MS = 600_000;
/** The form of oauth4webapi's random states. */
const STATE = /^[\w-]{43}$/;

/** A login while the person is at the issuer; kept under the state that the issuer returns. */
const LOGIN = TICKET.extend({ verifier: z.string(), nonce: z.string() });

type Login = z.output<typeof LOGIN>;

/** A login that cannot continue; the message is shown to the person. */
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

const OTHER_BROWSER =
  "This was asked in another browser, or its cookie is gone. Start the login again from your client.";
const ENDED = "This took too long, or was answered before. Start the login again from your client.";

export function serveLogin(app: FastifyInstance, parts: ProxyParts): void {
  const page =
    (work: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        return await work(request, reply);
      } catch (error) {
        const fault = toLoginFault(error, parts);
        return reply.code(fault.status).headers(PAGE_HEADERS).send(faultPage(fault.message, fault.back));
      }
    };
  app.get(
    "/oauth/authorize",
    page((request, reply) => askForConsent(parts, request, reply)),
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

async function askForConsent(parts: ProxyParts, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const parameters = parseParameters(queryOf(request));
  const client = await findClient(parts, requireParameter(parameters, "client_id"));
  const authorization = readRequestOrExplain(parts, parameters, client);
  const { redirect, scopes } = authorization;
  const browser = parts.browsers.identify(request, reply);
  const ticket = await parts.tickets.seal({ ...authorization, client: client.id, scopes: [...scopes], browser });
  const consent = { client, redirect, scopes, ticket, issuer: parts.upstream.host };
  return reply.headers(PAGE_HEADERS).send(consentPage(consent));
}

/**
 * The authorization request. Once the redirect address is known to be the client's, throws LoginFault for other faults:
 * a page that explains the fault to the person, with a link that takes the error to the client.
 */
function readRequestOrExplain(parts: ProxyParts, parameters: Parameters, client: ProxyClient) {
  const redirect = requireRedirect(parameters, client, parts.rules);
  try {
    return readRequest(parameters, client, parts.rules);
  } catch (error) {
    if (!(error instanceof OAuthFault)) throw error;
    const state = parameters.get("state") ?? null;
    const answer = { error: error.error, error_description: error.message, state };
    const back = { address: answerAddress(redirect, parts.issuer, answer), label: destinationOf(redirect) };
    throw new LoginFault(`The client asks for what it cannot get: ${error.message}`, 400, back, { cause: error });
  }
}

async function handleDecision(parts: ProxyParts, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const parameters = parseForm(request.body);
  const ticket = await parts.tickets.open(requireParameter(parameters, "ticket"));
  if (ticket === "ended") throw new LoginFault(ENDED, 400);
  if (ticket === "forged") throw new LoginFault("This answer does not belong to a question of this server.", 400);
  const site = request.headers["sec-fetch-site"] ?? "same-origin";
  if (site !== "same-origin" || !parts.browsers.isSame(request, ticket.browser))
    throw new LoginFault(OTHER_BROWSER, 403);
  reply.headers(PAGE_HEADERS);
  const { redirect, state } = ticket;
  if (requireParameter(parameters, "decision") !== "allow") {
    const back = answerAddress(redirect, parts.issuer, { error: "access_denied", state });
    return reply.send(continuePage("Denied", back, `Back to ${destinationOf(redirect)}`));
  }
  const verifier = generateRandomCodeVerifier();
  const nonce = generateRandomNonce();
  const upstreamState = generateRandomState();
  const login: Login = { ...ticket, verifier, nonce };
  const address = await parts.upstream.loginAddress({ state: upstreamState, verifier, nonce });
  await parts.store.put("login", upstreamState, login, LOGIN_MS);
  return reply.send(continuePage("Log in", address.href, `Log in at ${parts.upstream.host}`));
}

async function handleCallback(parts: ProxyParts, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const query = queryOf(request);
  const upstreamState = requireParameter(parseParameters(query), "state");
  const kept = STATE.test(upstreamState) ? await parts.store.take("login", upstreamState) : undefined;
  const login = LOGIN.safeParse(kept);
  if (!login.success) throw new LoginFault(ENDED, 400);
  const { redirect, state, challenge, scopes, browser, verifier, nonce } = login.data;
  if (!parts.browsers.isSame(request, browser)) throw new LoginFault(OTHER_BROWSER, 403);
  const client = await findClient(parts, login.data.client);
  let loggedIn: LoggedIn;
  try {
    loggedIn = await parts.upstream.finish(query, { state: upstreamState, verifier, nonce });
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

/** The fault to show for an error. Rethrows an unexpected one, which becomes a 500. */
function toLoginFault(error: unknown, { log }: ProxyParts): LoginFault {
  if (error instanceof LoginFault) return error;
  if (error instanceof OAuthFault) return new LoginFault(error.message, 400);
  if (error instanceof InvalidClient) return new LoginFault(`The client is not known: ${error.message}.`, 400);
  if (error instanceof RedisAway) return new LoginFault("Logins cannot be kept just now. Try again.", 503);
  if (!(error instanceof UpstreamAway)) throw error;
  log.write("warn", "a login could not be finished at the issuer", { reason: error.message });
  return new LoginFault("The issuer's answer does not fit this login, or it cannot be reached. Try again.", 502);
}
