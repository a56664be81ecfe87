/**
 * Policies: who may use what. A policy is an upper bound: it can be narrowed, never widened; read-only always wins.
 * Policies act on records, never on strings in a caller's code.
 *
 * A narrowed policy keeps the outer one in `within`, and every policy of that chain must admit a tool: the profile, the
 * server's settings, the policy file's rule, the token's scopes, and last the request's own narrowing.
 */
import type { ToolRecord } from "./record.ts";

export type Confirm = "auto" | "always" | "never";

/** The name of each restriction in a refusal: an environment variable, a flag, a rule's name or a header. */
export interface SettingNames {
  readonly domains: string;
  readonly tools: string;
  readonly readOnly: string;
  /** Absent: the name of the server's own setting. */
  readonly adminKey?: string;
}

export interface Policy {
  /** Domains that may be used; null: all. Never more than the outer policies admit. */
  readonly domains: ReadonlySet<string> | null;
  /** Domains where more than reading is allowed; null or absent: every admitted domain. */
  readonly writeDomains?: ReadonlySet<string> | null;
  /** Name globs; a tool must match one of `allow` (null: all) and none of `deny`. */
  readonly allow: readonly string[] | null;
  readonly deny: readonly string[];
  /** True here is true for every narrower policy. */
  readonly readOnly: boolean;
  /**
   * The domains that are granted as a right (by the server's domains, a policy file's rule, a token's scopes); null:
   * all. Absent where the domains are only a choice of what to list. A composite may read only granted domains.
   */
  readonly granted?: ReadonlySet<string> | null;
  /** What the admin key may be used for (src/catalog/admin-key.ts); null or absent: everything. */
  readonly adminKeyFor?: readonly string[] | null;
  readonly confirm: Confirm;
  /** Lists only search_tools, describe_tool and the three tools that call others. */
  readonly discover: boolean;
  /** Equal policies have equal keys: listings are cached by it. */
  readonly key: string;
  /** Absent: the names of the server's own settings. */
  readonly settings?: SettingNames;
  /** The outer policy, which must admit a tool as well. */
  readonly within?: Policy;
}

/** The part of a record that a policy looks at. */
export type PolicySubject = Pick<ToolRecord, "name" | "aliases" | "domain" | "risk" | "calls">;

/** Whether a policy admits a tool, and if not, which setting refuses it and why. */
export type Verdict =
  { readonly allowed: true } | { readonly allowed: false; readonly setting: string; readonly reason: string };

/** Restrictions to add to a policy; an absent member restricts nothing. */
export interface Narrowing {
  readonly domains?: readonly string[] | null | undefined;
  readonly writeDomains?: readonly string[] | null | undefined;
  /** Names and globs; a leading `!` excludes. A list of exclusions alone admits everything else. */
  readonly tools?: readonly string[] | null | undefined;
  readonly readOnly?: boolean | undefined;
  readonly adminKeyFor?: readonly string[] | null | undefined;
  /** Taken only where it is stricter: always over auto over never. */
  readonly confirm?: Confirm | undefined;
  readonly discover?: boolean | undefined;
  /** These restrictions are rights: see `Policy.granted`. */
  readonly rights?: boolean | undefined;
  readonly settings?: SettingNames | undefined;
}

/** The server's own settings, which every caller's policy stays within. */
export interface PolicyInput extends Narrowing {
  /** A name of `PROFILES`. */
  readonly profile?: string | undefined;
}

export const SERVER_SETTINGS = {
  domains: "PORTKEY_TOOL_DOMAINS",
  tools: "PORTKEY_TOOLS",
  readOnly: "PORTKEY_READ_ONLY",
  adminKey: "PORTKEY_ADMIN_KEY_FOR",
} as const satisfies SettingNames;
