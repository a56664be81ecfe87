/**
 * Who may use what. A policy is an upper bound: it can be narrowed, never widened, and read-only wins over everything.
 * Policies act on records, never on strings in a caller's code.
 */
import type { ToolRecord } from "./record.ts";

export type Confirm = "auto" | "always" | "never";

export interface Policy {
  /** Domains that may be used; null: all. */
  readonly domains: ReadonlySet<string> | null;
  /** Name globs; a tool must match one of `allow` (null: all) and none of `deny`. */
  readonly allow: readonly string[] | null;
  readonly deny: readonly string[];
  readonly readOnly: boolean;
  readonly confirm: Confirm;
  /** List only search_tools, describe_tool and the three callers. */
  readonly discover: boolean;
  /** Equal policies have equal keys: for caching what is listed. */
  readonly key: string;
}

/** Whether a policy admits a tool, and if not, which setting says so. */
export type Verdict = { readonly allowed: true } | { readonly allowed: false; readonly setting: string; readonly reason: string };

export type Decide = (policy: Policy, record: ToolRecord) => Verdict;
