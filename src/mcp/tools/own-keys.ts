/** Whether a key of Portkey's lists is one that this server works with. Answers show keys with their middle masked. */
import type { Credentials } from "../../portkey/port.ts";

/** Fewer visible characters at the end say nothing. */
const LEAST_SHOWN = 4;

/** A test over keys as answers show them, such as `pk-***1b8f`. */
export function ownKeyTest({ workspaceKey, adminKey }: Credentials): (shown: unknown) => boolean {
  const keys = [workspaceKey, adminKey].filter((key): key is string => Boolean(key));
  return (shown) => {
    if (typeof shown !== "string" || !shown.includes("***")) return false;
    const head = shown.slice(0, shown.indexOf("*"));
    const tail = shown.slice(shown.lastIndexOf("*") + 1);
    return tail.length >= LEAST_SHOWN && keys.some((key) => key.startsWith(head) && key.endsWith(tail));
  };
}
