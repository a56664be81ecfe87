/**
 * The security headers of every answer. They follow from the configuration alone, so that no request pays for them.
 * They are what helmet sets for the same options; test/http/security-headers.test.ts compares the two.
 */
import type { HttpConfig } from "../../config/http-config.ts";

/** No script, style or picture but the server's own files, and no frame around the page. */
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

/** Without cross-origin-resource-policy: a client in a browser reads answers across origins, and CORS says which. */
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
  // Without includeSubDomains: this server speaks for its own host alone.
  return { ...HEADERS, "strict-transport-security": `max-age=${ONE_YEAR_S}` };
}
