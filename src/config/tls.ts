/** The certificate and the key that the server speaks TLS with: read, and checked against each other. */
import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { createSecureContext } from "node:tls";
import type { TlsConfig } from "./http-config.ts";
import type { HTTP_SETTINGS } from "./http-settings.ts";
import { refuse } from "./load-config.ts";
import { readSettingFile, type Source } from "./read-settings.ts";
import type { Values } from "./setting.ts";

type TlsValues = Pick<Values<typeof HTTP_SETTINGS>, "MCP_TLS_KEY_PATH" | "MCP_TLS_CERT_PATH" | "MCP_TLS_CA_PATH">;

/** Null: no TLS. Throws an Error that names the setting whose file cannot be read; `checkTls` looks into them. */
export function tlsConfig(values: TlsValues, source: Source): TlsConfig | null {
  const { MCP_TLS_KEY_PATH: key, MCP_TLS_CERT_PATH: cert, MCP_TLS_CA_PATH: ca } = values;
  if (key === null && cert === null) {
    if (ca === null) return null;
    throw new Error("MCP_TLS_CA_PATH is set without MCP_TLS_KEY_PATH and MCP_TLS_CERT_PATH. Set all, or none.");
  }
  if (key === null || cert === null) {
    const missing = key === null ? "MCP_TLS_KEY_PATH" : "MCP_TLS_CERT_PATH";
    throw new Error(`${missing} is not set. TLS needs both the key and the certificate.`);
  }
  return {
    key: readSettingFile("MCP_TLS_KEY_PATH", key, source),
    cert: readSettingFile("MCP_TLS_CERT_PATH", cert, source),
    ca: ca === null ? null : readSettingFile("MCP_TLS_CA_PATH", ca, source),
  };
}

/**
 * Throws CONFIG with a line for each mistake, which names its setting. Gives what is to be said of a certificate's
 * time: one that has expired is served, and told.
 */
export function checkTls(tls: TlsConfig | null): string[] {
  if (tls === null) return [];
  const mistakes: string[] = [];
  const attempt = <Read>(read: () => Read): Read | undefined => {
    try {
      return read();
    } catch (error) {
      mistakes.push((error as Error).message);
      return undefined;
    }
  };
  const certificate = attempt(() => readCertificate("MCP_TLS_CERT_PATH", tls.cert));
  const key = attempt(() => readKey(tls.key));
  if (tls.ca !== null) attempt(() => readCertificate("MCP_TLS_CA_PATH", tls.ca ?? ""));
  if (certificate !== undefined && key !== undefined && !certificate.checkPrivateKey(key))
    mistakes.push(
      "MCP_TLS_KEY_PATH: it is not the key of the certificate in MCP_TLS_CERT_PATH. Give the two that belong together.",
    );
  if (mistakes.length === 0) attempt(() => refuseUnusable(tls));
  refuse(mistakes);
  return certificate === undefined ? [] : certificateWarnings(certificate, Date.now());
}

function readCertificate(setting: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    const what = text.includes("PRIVATE KEY") ? "holds a key, not a certificate" : "holds no certificate in PEM";
    throw new Error(`${setting}: the file ${what}.`, { cause });
  }
}

function readKey(text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    const isCertificate = text.includes("BEGIN CERTIFICATE");
    const wrong = isCertificate ? "holds a certificate, not a key" : "holds no private key in PEM";
    const what = text.includes("ENCRYPTED")
      ? "is encrypted with a passphrase, which cannot be given: decrypt it"
      : wrong;
    throw new Error(`MCP_TLS_KEY_PATH: the file ${what}.`, { cause });
  }
}

/** What OpenSSL finds beyond that, such as a key that is too short. */
function refuseUnusable({ key, cert, ca }: TlsConfig): void {
  try {
    createSecureContext({ key, cert, ...(ca !== null && { ca }) });
  } catch (cause) {
    const reason = (cause as { reason?: unknown }).reason ?? (cause as Error).message;
    throw new Error(`MCP_TLS_CERT_PATH and MCP_TLS_KEY_PATH cannot be used: ${String(reason)}.`, { cause });
  }
}

const DAY_MS = 86_400_000;
/** Days before a certificate ends from which on it is told. */
const SOON_DAYS = 14;

/** What is told of a certificate's time. */
export function certificateWarnings({ validFrom, validTo }: X509Certificate, now: number): string[] {
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  const on = (at: number) => new Date(at).toISOString();
  if (now > to) return [`MCP_TLS_CERT_PATH: the certificate expired on ${on(to)}, and clients refuse it.`];
  if (now < from) return [`MCP_TLS_CERT_PATH: the certificate is not valid before ${on(from)}.`];
  const days = Math.floor((to - now) / DAY_MS);
  return days < SOON_DAYS ? [`MCP_TLS_CERT_PATH: the certificate expires on ${on(to)}, in ${days} days.`] : [];
}
