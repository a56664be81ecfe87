/** The keys of a call, which nothing that is said back may hold: in server mode they are not the caller's to know. */
import { createTextHider } from "../../log/hide-values.ts";
import { credentialSecrets } from "../credentials.ts";
import type { Credentials } from "../port.ts";

const hiders = new WeakMap<Credentials, (text: string) => string>();

/** As nearly every id is written; shorter than any spelling of a key in such digits. */
const PLAIN_ID = /^[0-9a-f-]{1,39}$/i;

/** An id that the other side gave, without any secret of them in whatever spelling. */
export function hideKeys(credentials: Credentials, id: string): string {
  if (PLAIN_ID.test(id)) return id;
  const hide = hiders.get(credentials) ?? createTextHider(credentialSecrets(credentials));
  hiders.set(credentials, hide);
  return hide(id);
}
