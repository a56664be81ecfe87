/** The parts of a caller's credentials, to tell callers apart and to hide secrets. */
import type { Credentials } from "./port.ts";

/** The parts that identify these credentials, always in the same order; undefined for an absent key. */
export function credentialParts({ workspaceKey, adminKey, account }: Credentials): readonly (string | undefined)[] {
  const { clientId, clientSecret, tenant } = account ?? {};
  return [workspaceKey, adminKey, ...(account === undefined ? [] : [clientId, clientSecret, tenant])];
}

/** The secrets among them, which no output may show. */
export function credentialSecrets({ workspaceKey, adminKey, account }: Credentials): string[] {
  return [workspaceKey, adminKey, account?.clientSecret].filter(
    (secret) => secret !== undefined && secret !== "",
  ) as string[];
}
