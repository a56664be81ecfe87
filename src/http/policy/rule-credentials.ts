/** The Portkey keys, or the service account, that a rule refers to. */
import { MAIN_EDITION } from "../../catalog/editions.ts";
import { credentialsFrom, EDITIONS, type CredentialPart } from "../../config/editions.ts";
import type { Credentials } from "../../portkey/port.ts";
import type { PolicyFileContext } from "./policy-file-context.ts";
import type { RuleText } from "./policy-file-schema.ts";

/** The members of `keys` that refer to a secret, of all editions. */
export const KEY_MEMBERS = Object.values(EDITIONS).flatMap(({ parts }) => parts.map(({ member }) => member));

/** Whether a rule refers to any. */
export function namesKeys({ keys }: RuleText): boolean {
  return KEY_MEMBERS.some((member) => keys?.[member] !== undefined);
}

/** The credentials, without those that cannot be read: rule-mistakes.ts reports them. */
export function credentialsOf(
  keys: NonNullable<RuleText["keys"]>,
  { readSecret, edition = MAIN_EDITION, sendsTenant }: PolicyFileContext,
): Credentials {
  const values = new Map<CredentialPart["place"], string>();
  for (const { place, member } of EDITIONS[edition].parts) {
    const reference = keys[member];
    const value = reference && readSecret(reference);
    if (value !== undefined) values.set(place, value);
  }
  return credentialsFrom(values, sendsTenant);
}
