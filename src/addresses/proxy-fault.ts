/** Errors of requests that a proxy did not forward, so that no server behind it has received them. */
import { networkCode, networkReason } from "./network-reasons.ts";
import { proxyAuthorization, proxyName, type Proxy } from "./proxies.ts";

/** The `code` of the fault, as network errors have one. */
export const PROXY_FAULT = "PROXY_FAULT";

export class ProxyFault extends Error {
  override readonly name = "ProxyFault";
  readonly code = PROXY_FAULT;
  /** What to do about it. */
  readonly todo: string;

  constructor(
    readonly proxy: Proxy,
    what: string,
    /** Whether a retry cannot help. */
    readonly lasting: boolean,
    todo = `Check ${proxy.setting}; NO_PROXY can name hosts that are reached directly.`,
  ) {
    super(`${proxyName(proxy)} ${what}`);
    this.todo = todo;
  }
}

/** The fault where the proxy refuses with a status. `target` is the requested host: `api.portkey.ai:443`. */
export function proxyRefusal(proxy: Proxy, status: number, target: string): ProxyFault {
  const { setting } = proxy;
  if (status === 407) {
    return proxyAuthorization(proxy) === undefined
      ? new ProxyFault(
          proxy,
          "asks for a user name and password (status 407)",
          true,
          `Give them in ${setting}: http://user:password@host:port, special characters percent-encoded.`,
        )
      : new ProxyFault(
          proxy,
          `does not accept the user name and password in ${setting} (status 407)`,
          true,
          `Check them; special characters are percent-encoded in ${setting}.`,
        );
  }
  if (status >= 500) return new ProxyFault(proxy, `could not reach ${target} (status ${status})`, false);
  const todo = `Have the proxy admit ${target}, or name the host in NO_PROXY if it can be reached directly.`;
  return new ProxyFault(proxy, `does not let this server reach ${target} (status ${status})`, true, todo);
}

/** The fault where the connection to the proxy failed, or broke before its answer. */
export function proxyUnreachable(proxy: Proxy, error: unknown): ProxyFault {
  if (error instanceof ProxyFault) return error;
  const code = networkCode(error);
  const timedOut = error instanceof Error && error.name === "TimeoutError";
  const reason = timedOut ? "it did not answer in time" : networkReason(code ?? "no reason given");
  const lasting = code !== undefined && /CERT|VERIFY|ISSUER/.test(code);
  return new ProxyFault(proxy, `cannot be reached: ${reason}`, lasting);
}
