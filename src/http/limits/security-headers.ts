/**
 * The security headers of every response, computed once from the configuration.
 * They are the same as helmet's for the same options; test/http/security-headers.test.ts compares them.
 */
import type { HttpConfig } from "../../config/http-config.ts";

/** Scripts, styles and images only from this server, and no framing. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(";");

/** No cross-origin-resource-policy: clients in browsers read responses across origins, which CORS controls. */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "cross-origin-opener-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "SAMEORIGIN",
  "x-permitted-cross-domain-policies": "none",
  "x-xss-protection": "0",
};

const ONE_YEAR_S = 31_536_000;

export function securityHeaders({
  tls,
  publicBaseUrl,
}: Pick<HttpConfig, "tls" | "publicBaseUrl">): Readonly<Record<string, string>> {
  const servedOverHttps = tls !== null || publicBaseUrl?.startsWith("https:") === true;
  if (!servedOverHttps) return HEADERS;
  // Without includeSubDomains: this server must not decide for other hosts.
  return { ...HEADERS, "strict-transport-security": `max-age=${ONE_YEAR_S}` };
}
