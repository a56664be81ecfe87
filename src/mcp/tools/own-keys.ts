/** Recognises the caller's own Portkey keys in answers, which show keys with their middle masked. */
import type { Credentials } from "../../portkey/port.ts";

/** How many characters must be visible at the end for a match. */
const MIN_SHOWN = 4;

/** Returns a test for keys as answers show them, such as `pk-***1b8f`. */
export function createOwnKeyTest({ workspaceKey, adminKey }: Credentials): (shown: unknown) => boolean {
  const keys = [workspaceKey, adminKey].filter((key): key is string => Boolean(key));
  return (shown) => {
    if (typeof shown !== "string" || !shown.includes("***")) return false;
    const head = shown.slice(0, shown.indexOf("*"));
    const tail = shown.slice(shown.lastIndexOf("*") + 1);
    return tail.length >= MIN_SHOWN && keys.some((key) => key.startsWith(head) && key.endsWith(tail));
  };
}
