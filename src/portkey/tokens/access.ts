/** The headers that authenticate a request: a key, or a service account's token, which can be renewed. */
import { maskSecret } from "../../log/hide-values.ts";
import type { ChosenKey } from "../keys/take-key.ts";
import type { ServiceAccount } from "../port.ts";
import type { TokenService } from "./token-service.ts";

export interface Access {
  readonly headers: Readonly<Record<string, string>>;
  /** Secrets, beside the caller's credentials, that no message may contain. */
  readonly secrets: readonly string[];
  /** Makes another access after this one was refused; absent for a key. */
  readonly renew?: () => Promise<Access>;
}

/** The access for a chosen key; for an account, with a token. */
export async function accessOf(key: ChosenKey, tokens: TokenService, signal: AbortSignal): Promise<Access> {
  const { account, value } = key;
  if (account === undefined) return { headers: value === undefined ? {} : { "x-portkey-api-key": value }, secrets: [] };
  const token = await tokens.currentToken(account, signal);
  return {
    ...tokenAccess(account, token),
    renew: async () => tokenAccess(account, await tokens.renewToken(account, token, signal)),
  };
}

/** The masked headers for a dry run; no token is fetched. */
export function shownAccess({ account, value }: ChosenKey): Readonly<Record<string, string>> {
  if (account === undefined) return value === undefined ? {} : { "x-portkey-api-key": maskSecret(value) };
  return {
    authorization: `Bearer <a token of ${maskSecret(account.clientId)} for tenant ${account.tenant}>`,
    ...tenantHeader(account),
  };
}

function tokenAccess(account: ServiceAccount, token: string): Access {
  return { headers: { authorization: `Bearer ${token}`, ...tenantHeader(account) }, secrets: [token] };
}

function tenantHeader({ tenant, sendsTenant }: ServiceAccount): Record<string, string> {
  return sendsTenant === true ? { "x-tsg-id": tenant } : {};
}
