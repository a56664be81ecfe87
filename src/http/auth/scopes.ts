/**
 * OAuth scopes of this server: `portkey:read`, `portkey:write` and, for one domain, `portkey:<domain>:read|write`.
 * Write includes read; the general scope includes every domain's. Other scopes of a token mean nothing here.
 */
import { decide, decideInside } from "../../catalog/decide.ts";
import { narrowPolicy } from "../../catalog/policy/narrow.ts";
import type { Narrowing, Policy, PolicySubject, SettingNames } from "../../catalog/policy.ts";
import { SCOPE } from "../../config/scope-map.ts";
import { closestName } from "../../errors/closest-name.ts";

export const READ_SCOPE = "portkey:read";
export const WRITE_SCOPE = "portkey:write";

const TOKEN_SCOPES: SettingNames = {
  domains: "the token's scopes",
  tools: "the token's scopes",
  readOnly: "the token's scopes",
};

/** The scopes among `scopes` that this server gives a meaning to. */
export function portkeyScopes(scopes: readonly string[]): string[] {
  return scopes.filter((scope) => SCOPE.test(scope));
}

/** What is wrong with a scope of ours that the configuration names: its domain may not exist. */
export function unknownDomain(scope: string, records: readonly PolicySubject[]): string | undefined {
  const domain = SCOPE.exec(scope)?.[1];
  const domains = [...new Set(records.map((record) => record.domain))];
  if (domain === undefined || domains.includes(domain)) return undefined;
  return `"${scope}" names no domain; the closest is ${closestName(domain, domains)}.`;
}

/** What a token with these scopes may do at most; no scope of ours: nothing. */
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

/** Null: every domain, because one of the scopes names none. */
function domainsOf(granted: readonly { readonly domain: string | undefined }[]): string[] | null {
  const domains = granted.map(({ domain }) => domain);
  return domains.includes(undefined) ? null : [...new Set(domains as string[])];
}

/** What to ask for at a first login: no more than the server would grant anyone. */
export function baseScopes(policy: Policy): string[] {
  return policy.readOnly ? [READ_SCOPE] : [READ_SCOPE, WRITE_SCOPE];
}

/** A tool and, where it is a composite, the tools that it calls. */
export type Reach = readonly [PolicySubject, ...PolicySubject[]];

/** The least scopes that admit a tool and all that it calls; write includes read. */
export function requiredScopes(reach: Reach): string[] {
  const writes = new Set(reach.filter(({ risk }) => risk !== "read").map(({ domain }) => domain));
  return [...new Set(reach.map(({ domain }) => `portkey:${domain}:${writes.has(domain) ? "write" : "read"}`))];
}

/**
 * The scopes to ask for so that a token may call a tool that `policy` itself admits, all of them in one challenge;
 * empty where scopes are not what refuses it. A token without scopes of single domains is asked for the general one:
 * issuers often know no other.
 */
export function missingScopes(policy: Policy, held: readonly string[], [record, ...calls]: Reach): string[] {
  const scoped = narrowPolicy(policy, scopeNarrowing(held));
  if (!decide(policy, record).allowed) return [];
  const lacking = [record, ...calls].some((tool) => {
    const judge = tool === record ? decide : decideInside;
    return judge(policy, tool).allowed && !judge(scoped, tool).allowed;
  });
  if (!lacking) return [];
  const single = portkeyScopes(held).some((scope) => scope !== READ_SCOPE && scope !== WRITE_SCOPE);
  if (single) return requiredScopes([record, ...calls]);
  return [[record, ...calls].every(({ risk }) => risk === "read") ? READ_SCOPE : WRITE_SCOPE];
}
