/** The Portkey keys, or the service account, that a rule names: where its principals' credentials are found. */
import { MAIN_EDITION } from "../../catalog/editions.ts";
import { credentialsFrom, EDITIONS, type CredentialPart } from "../../config/editions.ts";
import type { Credentials } from "../../portkey/port.ts";
import type { PolicyFileContext } from "./policy-file-context.ts";
import type { RuleText } from "./policy-file-schema.ts";

/** Members of `keys` that refer to a secret, of whatever edition. */
export const KEY_MEMBERS = Object.values(EDITIONS).flatMap(({ parts }) => parts.map(({ member }) => member));

/** Whether a rule names any. */
export function namesKeys({ keys }: RuleText): boolean {
  return KEY_MEMBERS.some((member) => keys?.[member] !== undefined);
}

/** What cannot be read is left out; that is a mistake of the file, told before. */
export function credentialsOf(
  keys: NonNullable<RuleText["keys"]>,
  { readSecret, edition = MAIN_EDITION, sendsTenant }: PolicyFileContext,
): Credentials {
  const given = new Map<CredentialPart["place"], string>();
  for (const { place, member } of EDITIONS[edition].parts) {
    const reference = keys[member];
    const value = reference && readSecret(reference);
    if (value !== undefined) given.set(place, value);
  }
  return credentialsFrom(given, sendsTenant);
}
