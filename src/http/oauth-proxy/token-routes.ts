/**
 * The routes that clients call without a person: registration (RFC 7591), access tokens for codes and refresh tokens
 * (RFC 6749), and revocation (RFC 7009).
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RedisAway } from "../redis/link.ts";
import { ACCESS_SECONDS } from "./access-tokens.ts";
import { checkResource } from "./authorization-request.ts";
import { parseForeign } from "../../errors/parse-foreign.ts";
import { CLIENT_METADATA, displayName, metadataFault, usesCodes } from "./client-metadata.ts";
import type { Grant } from "./grants.ts";
import { identityFrom } from "./logged-in-identity.ts";
import { OAuthFault, parseForm, requireParameter, type Parameters } from "./parameters.ts";
import type { ProxyParts } from "./parts.ts";
import { ID_LIMIT } from "./registered-clients.ts";
import { UpstreamAway, UpstreamRefusal } from "./upstream.ts";

const NO_GRANT = "It does not exist, is spent, has ended or was given to another client.";

type Work = (parts: ProxyParts, request: FastifyRequest) => Promise<readonly [status: number, body: object]>;

export function serveTokens(app: FastifyInstance, parts: ProxyParts): void {
  const answer = (work: Work) => async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header("cache-control", "no-store");
    try {
      const [status, body] = await work(parts, request);
      return reply.code(status).send(body);
    } catch (error) {
      const { status, error: code, message } = toOAuthFault(error, parts);
      return reply.code(status).send({ error: code, error_description: message });
    }
  };
  app.post("/oauth/register", answer(register));
  app.post("/oauth/token", answer(issue));
  app.post("/oauth/revoke", answer(revoke));
}

async function register({ registered }: ProxyParts, { body }: FastifyRequest): ReturnType<Work> {
  const metadata = parseForeign(CLIENT_METADATA, body);
  if (!metadata.success) {
    const { error, description } = metadataFault(metadata.error);
    throw new OAuthFault(error, description);
  }
  if (!usesCodes(metadata.data))
    throw new OAuthFault("invalid_client_metadata", "grant_types and response_types need authorization_code and code.");
  const id = await registered.register(metadata.data);
  if (id.length > ID_LIMIT)
    throw new OAuthFault("invalid_client_metadata", "The name and the redirect addresses are too long together.");
  const answer = {
    client_id: id,
    client_id_issued_at: Math.floor(Date.now() / 1000),
    client_name: displayName(metadata.data, "A client without a name"),
    redirect_uris: metadata.data.redirect_uris,
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  };
  return [201, answer];
}

async function issue(parts: ProxyParts, { body }: FastifyRequest): ReturnType<Work> {
  const parameters = parseForm(body);
  checkResource(parameters, parts.rules);
  const type = requireParameter(parameters, "grant_type");
  if (type === "authorization_code") return [200, await redeemCode(parts, parameters)];
  if (type === "refresh_token") return [200, await refresh(parts, parameters)];
  throw new OAuthFault("unsupported_grant_type", "grant_type must be authorization_code or refresh_token.");
}

async function redeemCode(parts: ProxyParts, parameters: Parameters): Promise<object> {
  const code = requireParameter(parameters, "code");
  const presented = {
    client: requireParameter(parameters, "client_id"),
    redirect: parameters.get("redirect_uri"),
    verifier: requireParameter(parameters, "code_verifier"),
  };
  const terms = await parts.grants.redeem(code);
  if (terms === undefined) throw new OAuthFault("invalid_grant", `The code does not count. ${NO_GRANT}`);
  const { client, redirect, challenge, grant: id } = terms;
  const matches =
    presented.client === client &&
    (presented.redirect ?? redirect) === redirect &&
    provesChallenge(presented.verifier, challenge);
  const grant = matches ? await parts.grants.find(id) : undefined;
  if (grant === undefined) {
    // The code may have been stolen from the client that asked for it: nobody gets the grant.
    await endGrant(parts, id);
    throw new OAuthFault("invalid_grant", "The code was given for another client, redirect_uri or code_verifier.");
  }
  await parts.grants.update(id, grant);
  return answerTokens(parts, id, grant, grant.scopes);
}

/** Whether a code verifier belongs to a challenge (RFC 7636, section 4.6). */
function provesChallenge(verifier: string, challenge: string): boolean {
  if (!/^[\w.~-]{43,128}$/.test(verifier)) return false;
  const digest = createHash("sha256").update(verifier).digest("base64url");
  return digest.length === challenge.length && timingSafeEqual(Buffer.from(digest), Buffer.from(challenge));
}

async function refresh(parts: ProxyParts, parameters: Parameters): Promise<object> {
  const token = requireParameter(parameters, "refresh_token");
  const client = requireParameter(parameters, "client_id");
  const spent = await parts.grants.spendRefresh(token);
  if (spent === undefined) throw new OAuthFault("invalid_grant", `The refresh token does not count. ${NO_GRANT}`);
  const { id, grant } = spent;
  if (grant.client !== client) {
    await endGrant(parts, id);
    throw new OAuthFault("invalid_grant", `The refresh token does not count. ${NO_GRANT}`);
  }
  const requested = parameters.get("scope")?.split(" ");
  const scopes = requested?.filter((scope) => grant.scopes.includes(scope)) ?? grant.scopes;
  if (scopes.length === 0) {
    await parts.grants.unspendRefresh(token, grant);
    throw new OAuthFault("invalid_scope", `scope has none of those granted: ${grant.scopes.join(" ")}.`);
  }
  const renewed = await renew(parts, id, grant).catch(async (error: unknown) => {
    if (error instanceof UpstreamAway) await parts.grants.unspendRefresh(token, grant);
    throw error;
  });
  return answerTokens(parts, id, renewed, scopes);
}

/** Refreshes the login at the issuer, where it gave a refresh token. Ends the grant where the issuer refuses. */
async function renew(parts: ProxyParts, id: string, grant: Grant): Promise<Grant> {
  if (grant.upstream === null) return grant;
  const { identity } = grant;
  try {
    const { claims, refreshToken } = await parts.upstream.refresh(grant.upstream);
    const shownAs = identity.client ?? "";
    const current = claims === null ? identity : identityFrom(claims, { shownAs }, identity.scopes);
    if (current.subject !== identity.subject) throw new UpstreamRefusal("another person");
    const renewed = { ...grant, identity: { ...current, ...(identity.issuer && { issuer: identity.issuer }) } };
    await parts.grants.update(id, { ...renewed, upstream: refreshToken });
    return renewed;
  } catch (error) {
    if (!(error instanceof UpstreamRefusal)) throw error;
    await parts.grants.end(id);
    throw new OAuthFault("invalid_grant", "The issuer no longer accepts this login.");
  }
}

async function answerTokens(
  { tokens, grants }: ProxyParts,
  id: string,
  grant: Grant,
  scopes: readonly string[],
): Promise<object> {
  return {
    access_token: await tokens.sign(id, grant.identity, scopes),
    token_type: "Bearer",
    expires_in: ACCESS_SECONDS,
    refresh_token: await grants.issueRefresh(id, grant),
    scope: scopes.join(" "),
  };
}

/** Always answers 200, so that it reveals nothing about a token (RFC 7009, section 2.2). */
async function revoke(parts: ProxyParts, { body }: FastifyRequest): ReturnType<Work> {
  const parameters = parseForm(body);
  const token = requireParameter(parameters, "token");
  const client = requireParameter(parameters, "client_id");
  const isRefreshToken = token.split(".").length === 2;
  const id = isRefreshToken ? token.split(".", 1)[0] : await parts.tokens.grantOf(token);
  const grant = id === undefined ? undefined : await parts.grants.find(id);
  if (id !== undefined && grant?.client === client) await endGrant(parts, id);
  return [200, {}];
}

async function endGrant({ grants, upstream }: ProxyParts, id: string): Promise<void> {
  const grant = await grants.end(id);
  if (typeof grant?.upstream === "string") await upstream.revoke(grant.upstream);
}

/** The fault to answer with for an error. Rethrows an unexpected one, which becomes a 500. */
function toOAuthFault(error: unknown, { log }: ProxyParts): OAuthFault {
  if (error instanceof OAuthFault) {
    if (error.error === "invalid_grant") log.write("warn", "a login's token was refused", { why: error.message });
    return error;
  }
  if (error instanceof RedisAway)
    return new OAuthFault("temporarily_unavailable", "Logins cannot be kept just now. Try again.", 503);
  if (!(error instanceof UpstreamAway)) throw error;
  log.write("warn", "the issuer cannot be asked whether a login still counts", { reason: error.message });
  return new OAuthFault("temporarily_unavailable", "The issuer cannot be asked just now. Try again.", 503);
}
