/** What a caller's credentials hold, for whoever tells callers apart by them or must hide them. */
import type { Credentials } from "./port.ts";

/** Everything that tells these credentials from others, in one order; undefined for what is not there. */
export function credentialParts({ workspaceKey, adminKey, account }: Credentials): readonly (string | undefined)[] {
  const { clientId, clientSecret, tenant } = account ?? {};
  return [workspaceKey, adminKey, ...(account === undefined ? [] : [clientId, clientSecret, tenant])];
}

/** What nobody may read of them. */
export function credentialSecrets({ workspaceKey, adminKey, account }: Credentials): string[] {
  return [workspaceKey, adminKey, account?.clientSecret].filter(
    (secret) => secret !== undefined && secret !== "",
  ) as string[];
}
