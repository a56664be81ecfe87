/**
 * Decides whether a request is sent directly or through a configured proxy. The settings hold for all requests of the
 * process.
 */
import { readNoProxy, type IsDirect } from "./no-proxy.ts";

/** A proxy, and the setting that names it. */
export interface Proxy {
  /** The setting's name as it was written: `HTTPS_PROXY`, `http_proxy`. */
  readonly setting: string;
  /** http or https. It may hold a password: messages use `proxyName` instead. */
  readonly url: URL;
}

/** The settings. Absent: no proxy. */
export interface Proxies {
  /** For https addresses; without it `http` is used for them too, as undici and Node do. */
  readonly https?: Proxy;
  /** For http addresses. */
  readonly http?: Proxy;
  /** NO_PROXY: hosts that are reached directly, separated by commas. */
  readonly noProxy: string;
}

/** Through a proxy, or directly; `excepted` says whether that is because NO_PROXY names the host. */
export type WayOut =
  { readonly kind: "proxy"; readonly proxy: Proxy } | { readonly kind: "direct"; readonly excepted: boolean };

let proxies: Proxies = { noProxy: "" };
let isDirect: IsDirect = () => false;

/** Sets the proxies for the whole process. Call it before the first request. */
export function useProxies(next: Proxies): void {
  proxies = next;
  isDirect = readNoProxy(next.noProxy);
}

/** Whether any request goes through a proxy. */
export function hasProxies(): boolean {
  return proxies.https !== undefined || proxies.http !== undefined;
}

export function wayTo(url: URL): WayOut {
  const proxy = url.protocol === "https:" ? (proxies.https ?? proxies.http) : proxies.http;
  if (proxy === undefined) return { kind: "direct", excepted: false };
  return isDirect(url) ? { kind: "direct", excepted: true } : { kind: "proxy", proxy };
}

/** The proxy's name in messages: host and port, and its setting. */
export function proxyName({ url, setting }: Proxy): string {
  return `the proxy ${url.host} (${setting})`;
}

/** The value of Proxy-Authorization; undefined where the URL names no user. */
export function proxyAuthorization({ url: { username, password } }: Proxy): string | undefined {
  if (username === "" && password === "") return undefined;
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64")}`;
}

/** Decodes percent-encoding; an invalid text is returned as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
