/** What this server's own arguments are called, which tools take beside the API's; none of them is ever sent. */
export const COMMON_NAMES = ["dry_run", "all_pages", "fields", "names", "more", "key", "portkey_key"] as const;

export type CommonName = (typeof COMMON_NAMES)[number];
