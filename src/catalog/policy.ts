/**
 * Who may use what. A policy is an upper bound: it can be narrowed, never widened, and read-only wins over everything.
 * Policies act on records, never on strings in a caller's code.
 *
 * A narrowed policy keeps the one it came from in `within`, and a tool must be admitted by every policy of that chain:
 * the server's settings, then the profile, the policy file's rule, the token's scopes, and last the request's own
 * narrowing.
 */
import type { ToolRecord } from "./record.ts";

export type Confirm = "auto" | "always" | "never";

/**
 * What each restriction of a policy is called in a refusal: an environment variable, a flag, a rule's name, a header.
 */
export interface SettingNames {
  readonly domains: string;
  readonly tools: string;
  readonly readOnly: string;
  /** Absent: the server's own. */
  readonly adminKey?: string;
}

export interface Policy {
  /** Domains that may be used; null: all. Already cut down to what the outer policies admit. */
  readonly domains: ReadonlySet<string> | null;
  /** Domains where more than reading is allowed; null or absent: every admitted domain. */
  readonly writeDomains?: ReadonlySet<string> | null;
  /** Name globs; a tool must match one of `allow` (null: all) and none of `deny`. */
  readonly allow: readonly string[] | null;
  readonly deny: readonly string[];
  /** True here is true for every narrower policy. */
  readonly readOnly: boolean;
  /**
   * Present where the restriction is a right (the server's domains, a policy file's rule, a token's scopes) and not a
   * choice of what to list: the domains it grants, null for all. What a composite reads keeps to it.
   */
  readonly granted?: ReadonlySet<string> | null;
  /** What the admin key may be used for (src/catalog/admin-key.ts); null or absent: everything. */
  readonly adminKeyFor?: readonly string[] | null;
  readonly confirm: Confirm;
  /** List only search_tools, describe_tool and the three callers. */
  readonly discover: boolean;
  /** Equal policies have equal keys: for caching what is listed. */
  readonly key: string;
  /** Absent: the names of the server's own settings. */
  readonly settings?: SettingNames;
  /** The policy this one narrows; it must admit a tool as well. */
  readonly within?: Policy;
}

/** The part of a record that a policy looks at. */
export type PolicySubject = Pick<ToolRecord, "name" | "aliases" | "domain" | "risk" | "calls">;

/** Whether a policy admits a tool, and if not, which setting says so. */
export type Verdict =
  { readonly allowed: true } | { readonly allowed: false; readonly setting: string; readonly reason: string };

/** The restrictions that can be put on a policy; whatever is absent restricts nothing. */
export interface Narrowing {
  readonly domains?: readonly string[] | null | undefined;
  readonly writeDomains?: readonly string[] | null | undefined;
  /** Names and globs; a leading `!` excludes. Only exclusions: everything else stays. */
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
