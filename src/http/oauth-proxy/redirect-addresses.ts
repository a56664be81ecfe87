/**
 * Where a client may be sent back to. Compared to the letter, but for the port of an address on the person's own
 * machine, which a program takes as it finds it free (RFC 8252, section 7.3).
 */
import { isLoopback } from "../../config/base-url.ts";

const LENGTH_LIMIT = 2_048;

/** Schemes that a browser runs or opens by itself; every other one belongs to an app. */
const NO_APPS: ReadonlySet<string> = new Set([
  "about:",
  "blob:",
  "chrome:",
  "data:",
  "file:",
  "filesystem:",
  "ftp:",
  "intent:",
  "javascript:",
  "mailto:",
  "sms:",
  "tel:",
  "urn:",
  "vbscript:",
  "view-source:",
  "ws:",
  "wss:",
]);

/** What is wrong with an address that a client names; undefined: it may be used. */
export function redirectFault(address: unknown): string | undefined {
  if (typeof address !== "string" || address.length > LENGTH_LIMIT || !URL.canParse(address))
    return "a redirect address is no address";
  // What URL forgives, browsers and clients read in their own ways.
  if (!/^[\x21-\x5b\x5d-\x7e]+$/.test(address)) return "a redirect address has characters that no address has";
  const { protocol, hostname, hash, username, password } = new URL(address);
  if (hash !== "" || address.includes("#")) return "a redirect address has a fragment";
  if (username !== "" || password !== "") return "a redirect address has a user name in it";
  if (protocol === "https:") return undefined;
  if (protocol === "http:")
    return isLoopback(hostname) ? undefined : "a redirect address with http must be on the person's own machine";
  if (NO_APPS.has(protocol) || !address.slice(protocol.length).startsWith("/"))
    return `a redirect address cannot start with ${protocol}`;
  return undefined;
}

/** Whether `asked` is one of the addresses that a client registered. */
export function isRegistered(asked: string, registered: readonly string[]): boolean {
  return registered.some((known) => known === asked || isSameLoopback(asked, known));
}

function isSameLoopback(asked: string, known: string): boolean {
  if (redirectFault(asked) !== undefined || !known.startsWith("http:") || !asked.startsWith("http:")) return false;
  return isLoopback(new URL(known).hostname) && withoutPort(asked) === withoutPort(known);
}

/** Scheme and authority are compared as the text that they are: no other spelling counts. */
function withoutPort(address: string): string {
  return address.replace(/^(http:\/\/(?:\[[^\]]*\]|[^/:?]*)):\d{1,5}(?=[/?]|$)/, "$1");
}

/** Whether people may be sent to an address: this computer always, else what `hosts` names; null: anywhere. */
export function isAdmitted(address: string, hosts: readonly string[] | null): boolean {
  if (hosts === null) return true;
  const { protocol, host, hostname } = new URL(address);
  if (protocol === "http:") return isLoopback(hostname);
  return hosts.includes(protocol === "https:" ? host : protocol);
}

/** Where an address leads, for the person who is asked: a host, this computer, or an app. */
export function destinationOf(address: string): string {
  const { protocol, hostname, host } = new URL(address);
  if (protocol === "https:") return host;
  if (protocol === "http:") return `a program on this computer (${host || hostname})`;
  return `the app that opens ${protocol} links`;
}
