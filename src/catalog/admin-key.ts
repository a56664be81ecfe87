/** Decides what the admin key may be used for: a restriction of a policy, set by a setting or a policy file's rule. */
import type { Policy, SettingNames } from "./policy.ts";
import { SERVER_SETTINGS } from "./policy.ts";
import type { ToolRecord } from "./record.ts";

export interface AdminKeyRefusal {
  readonly setting: string;
  /** The setting's entries, as written. */
  readonly admits: string;
}

type Subject = Pick<ToolRecord, "domain" | "risk">;

/** The outermost restriction that forbids the admin key for a tool; undefined where it may be used. */
export function adminKeyRefusal(policy: Policy, record: Subject): AdminKeyRefusal | undefined {
  const outer = policy.within && adminKeyRefusal(policy.within, record);
  if (outer !== undefined) return outer;
  const { adminKeyFor } = policy;
  const settings: SettingNames = policy.settings ?? SERVER_SETTINGS;
  if (adminKeyFor === undefined || adminKeyFor === null || admits(adminKeyFor, record)) return undefined;
  return {
    setting: settings.adminKey ?? SERVER_SETTINGS.adminKey,
    admits: adminKeyFor.join(", ") || "nothing",
  };
}

/** One entry is enough: `read` admits every reading tool, a domain all its tools, `domain:read` its reading tools. */
function admits(entries: readonly string[], { domain, risk }: Subject): boolean {
  const reads = risk === "read";
  return entries.some((entry) => entry === domain || (reads && (entry === "read" || entry === `${domain}:read`)));
}

/** Entries that admit nothing because they name no domain. `none` as the only entry admits nothing on purpose. */
export function unknownAdminKeyEntries(entries: readonly string[], domains: readonly string[]): string[] {
  return entries.filter((entry) => {
    if (entry === "read" || (entry === "none" && entries.length === 1)) return false;
    return !domains.includes(entry.replace(/:read$/, ""));
  });
}
