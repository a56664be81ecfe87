/**
 * OAuth scopes of this server: `portkey:read`, `portkey:write` and, for one domain, `portkey:<domain>:read|write`.
 * Write includes read; the general scope includes every domain's. Other scopes of a token mean nothing here.
 */
import { decide, decideInside } from "../../catalog/decide.ts";
import { narrowPolicy } from "../../catalog/policy/narrow.ts";
import type { Narrowing, Policy, PolicySubject, SettingNames } from "../../catalog/policy.ts";
import { SCOPE } from "../../config/scope-map.ts";
import { closestHint } from "../../errors/closest-name.ts";

export const READ_SCOPE = "portkey:read";
export const WRITE_SCOPE = "portkey:write";

const TOKEN_SCOPES: SettingNames = {
  domains: "the token's scopes",
  tools: "the token's scopes",
  readOnly: "the token's scopes",
};

/** The scopes among `scopes` that are this server's. */
export function portkeyScopes(scopes: readonly string[]): string[] {
  return scopes.filter((scope) => SCOPE.test(scope));
}

/** What is wrong where a scope of this server names a domain that does not exist; otherwise undefined. */
export function unknownDomainFault(scope: string, records: readonly PolicySubject[]): string | undefined {
  const domain = SCOPE.exec(scope)?.[1];
  const domains = [...new Set(records.map((record) => record.domain))];
  if (domain === undefined || domains.includes(domain)) return undefined;
  return `"${scope}" names no domain${closestHint(domain, domains, `; there are ${domains.join(", ")}`)}.`;
}

/** What a token with these scopes may do at most; without a scope of this server: nothing. */
export function scopeNarrowing(scopes: readonly string[]): Narrowing {
  const granted = scopes.flatMap((scope) => {
    const [matched, domain, access] = SCOPE.exec(scope) ?? [];
    return matched === undefined ? [] : [{ domain, write: access === "write" }];
  });
  return {
    domains: domainsOf(granted),
    writeDomains: domainsOf(granted.filter(({ write }) => write)),
    rights: true,
    settings: TOKEN_SCOPES,
  };
}

/** Null: every domain, because one of the scopes is general. */
function domainsOf(granted: readonly { readonly domain: string | undefined }[]): string[] | null {
  const domains = granted.map(({ domain }) => domain);
  return domains.includes(undefined) ? null : [...new Set(domains as string[])];
}

/** The scopes to ask for at a first login: no more than the server's settings admit. */
export function baseScopes(policy: Policy): string[] {
  return policy.readOnly ? [READ_SCOPE] : [READ_SCOPE, WRITE_SCOPE];
}

/** A tool, followed by the tools that it calls where it is a composite. */
export type ToolWithCalls = readonly [PolicySubject, ...PolicySubject[]];

/** The least scopes of single domains that admit a tool and all that it calls; write includes read. */
export function requiredScopes(tools: ToolWithCalls): string[] {
  const writes = new Set(tools.filter(({ risk }) => risk !== "read").map(({ domain }) => domain));
  return [...new Set(tools.map(({ domain }) => `portkey:${domain}:${writes.has(domain) ? "write" : "read"}`))];
}

/**
 * The scopes that a token with the scopes `held` needs to call a tool, all that it lacks in one list.
 * Empty where `policy` itself does not admit the tool, or the token's scopes suffice.
 * A token without scopes of single domains needs the general one: many issuers know no other.
 */
export function missingScopes(policy: Policy, held: readonly string[], tools: ToolWithCalls): string[] {
  const [record] = tools;
  const scoped = narrowPolicy(policy, scopeNarrowing(held));
  if (!decide(policy, record).allowed) return [];
  const lacksScopes = tools.some((tool) => {
    const judge = tool === record ? decide : decideInside;
    return judge(policy, tool).allowed && !judge(scoped, tool).allowed;
  });
  if (!lacksScopes) return [];
  const hasDomainScopes = portkeyScopes(held).some((scope) => scope !== READ_SCOPE && scope !== WRITE_SCOPE);
  if (hasDomainScopes) return requiredScopes(tools);
  const onlyReads = tools.every(({ risk }) => risk === "read");
  return [onlyReads ? READ_SCOPE : WRITE_SCOPE];
}
