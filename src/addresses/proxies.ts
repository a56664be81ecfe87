/**
 * Which way a request leaves this machine: directly, or through a proxy that the settings name. One answer for every
 * request of the process, whoever makes it.
 */
import { readNoProxy, type IsDirect } from "./no-proxy.ts";

/** A proxy, and the setting that names it. */
export interface Proxy {
  /** As it was given: `HTTPS_PROXY`, `http_proxy`. */
  readonly setting: string;
  /** http or https. It may hold a password: messages show `proxyHost` instead. */
  readonly url: URL;
}

/** The settings. Absent: no proxy. */
export interface Proxies {
  /** For https addresses; where there is none, `http` serves them too, as with undici and Node. */
  readonly https?: Proxy;
  /** For http addresses. */
  readonly http?: Proxy;
  /** Hosts that are reached directly, by comma. */
  readonly noProxy: string;
}

/** `proxy`, or directly: as the usual way, or since NO_PROXY names the host. */
export type WayOut =
  { readonly kind: "proxy"; readonly proxy: Proxy } | { readonly kind: "direct"; readonly excepted: boolean };

let proxies: Proxies = { noProxy: "" };
let isDirect: IsDirect = () => false;

/** Sets the way out for the whole process; before its first request. */
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

/** The proxy as messages name it: host and port, and its setting. */
export function proxyName({ url, setting }: Proxy): string {
  return `the proxy ${url.host} (${setting})`;
}

/** The value of Proxy-Authorization; undefined where the URL names no user. */
export function proxyAuthorization({ url: { username, password } }: Proxy): string | undefined {
  if (username === "" && password === "") return undefined;
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64")}`;
}

/** A percent sign that encodes nothing stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
