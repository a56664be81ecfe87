/** Hides a call's keys in results: over HTTP they may be the server's, which the caller must not learn. */
import { createTextHider } from "../../log/hide-values.ts";
import { credentialSecrets } from "../credentials.ts";
import type { Credentials } from "../port.ts";

const hiders = new WeakMap<Credentials, (text: string) => string>();

/** The form of most ids. It is too short for a key in hex, so it needs no search. */
const PLAIN_ID = /^[0-9a-f-]{1,39}$/i;

/** A foreign id without any secret of the credentials, in plain or encoded form. */
export function hideKeys(credentials: Credentials, id: string): string {
  if (PLAIN_ID.test(id)) return id;
  const hide = hiders.get(credentials) ?? createTextHider(credentialSecrets(credentials));
  hiders.set(credentials, hide);
  return hide(id);
}
