/** What the routes of this authorization server share. */
import type { Log } from "../../log/log.ts";
import type { AccessTokens } from "./access-tokens.ts";
import type { GrantRules } from "./authorization-request.ts";
import type { Browsers } from "./browser.ts";
import type { ClientDocuments } from "./client-documents.ts";
import { InvalidClient, type ProxyClient } from "./client.ts";
import type { Grants } from "./grants.ts";
import type { RegisteredClients } from "./registered-clients.ts";
import type { Store } from "./store.ts";
import type { Tickets } from "./tickets.ts";
import type { Upstream } from "./upstream.ts";

export interface ProxyParts {
  /** This server's identifier as an issuer: its public address. */
  readonly issuer: string;
  readonly rules: GrantRules;
  readonly store: Store;
  readonly grants: Grants;
  readonly tokens: AccessTokens;
  readonly tickets: Tickets;
  readonly browsers: Browsers;
  readonly registered: RegisteredClients;
  readonly documents: ClientDocuments;
  readonly upstream: Upstream;
  readonly log: Log;
}

/** The client with this id. Throws InvalidClient where there is none. */
export async function findClient(
  { registered, documents }: Pick<ProxyParts, "registered" | "documents">,
  id: string,
): Promise<ProxyClient> {
  if (documents.isAddress(id)) return documents.find(id);
  const client = await registered.find(id);
  if (client === undefined)
    throw new InvalidClient("the client is not registered here, or was before this server's keys changed");
  return client;
}

/** The client's redirect address with the authorization response (RFC 6749, section 4.1.2; RFC 9207). */
export function answerAddress(
  redirect: string,
  issuer: string,
  answer: Readonly<Record<string, string | null>>,
): string {
  const url = new URL(redirect);
  for (const [name, value] of Object.entries({ ...answer, iss: issuer })) {
    if (value !== null) url.searchParams.set(name, value);
  }
  return url.href;
}
