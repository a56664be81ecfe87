/** Reads and checks the server's TLS certificate and key. */
import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { createSecureContext } from "node:tls";
import { collectMistakes } from "../errors/collect-mistakes.ts";
import { PortkeyMcpError } from "../errors/errors.ts";
import type { TlsConfig } from "./http-config.ts";
import type { HTTP_SETTINGS } from "./http-settings.ts";
import { readSettingFile, type Source } from "./read-settings.ts";
import type { Values } from "./setting.ts";

type TlsValues = Pick<Values<typeof HTTP_SETTINGS>, "MCP_TLS_KEY_PATH" | "MCP_TLS_CERT_PATH" | "MCP_TLS_CA_PATH">;

/** Null: no TLS. Throws an Error that names the setting whose file cannot be read. Does not check their content. */
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
 * Checks the content of the files. Throws CONFIG with a line for each mistake, which names its setting.
 * Returns warnings: an expired certificate is a warning, and is served.
 */
export function checkTls(tls: TlsConfig | null): string[] {
  if (tls === null) return [];
  const mistakes = collectMistakes();
  const chain = mistakes.attempt(() => readCertificates("MCP_TLS_CERT_PATH", tls.cert));
  const key = mistakes.attempt(() => readKey(tls.key));
  if (tls.ca !== null) mistakes.attempt(() => readCertificates("MCP_TLS_CA_PATH", tls.ca ?? ""));
  if (chain !== undefined && key !== undefined) mistakes.attempt(() => checkPair(chain, key));
  if (mistakes.lines.length === 0) mistakes.attempt(() => refuseUnusable(tls));
  mistakes.refuse();
  return chain === undefined ? [] : [...certificateWarnings(chain[0], Date.now()), ...chainWarnings(chain)];
}

/** Those warnings of `checkTls` for which clients refuse the server. */
export function certificateFaults(tls: TlsConfig | null, now = Date.now()): string[] {
  if (tls === null) return [];
  try {
    const [certificate] = readCertificates("MCP_TLS_CERT_PATH", tls.cert);
    const fault = timeFault(certificate, now);
    return fault === undefined ? [] : [fault];
  } catch {
    // `checkTls` reports it.
    return [];
  }
}

type Chain = readonly [X509Certificate, ...X509Certificate[]];

const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

function readCertificates(setting: string, text: string): Chain {
  const [first, ...others] = text.match(CERTIFICATE) ?? [];
  if (first === undefined) {
    const what = text.includes("PRIVATE KEY") ? "holds a key, not a certificate" : "holds no certificate in PEM";
    throw mistake(`${setting}: the file ${what}.`);
  }
  return [readCertificate(setting, first, 1), ...others.map((one, at) => readCertificate(setting, one, at + 2))];
}

function readCertificate(setting: string, text: string, number: number): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw mistake(`${setting}: certificate ${number} of the file cannot be read.`, cause);
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
    throw mistake(`MCP_TLS_KEY_PATH: the file ${what}.`, cause);
  }
}

function checkPair([first, ...others]: Chain, key: KeyObject): void {
  if (first.checkPrivateKey(key)) return;
  const at = others.findIndex((certificate) => certificate.checkPrivateKey(key));
  if (at !== -1)
    throw mistake(
      `MCP_TLS_CERT_PATH: the server's own certificate is number ${at + 2} of the file. Put it first, then ` +
        `its issuers.`,
    );
  throw mistake(
    "MCP_TLS_KEY_PATH: it is not the key of the certificate in MCP_TLS_CERT_PATH. Give the two that belong together.",
  );
}

/** Throws for what only OpenSSL finds, such as a key that is too short. */
function refuseUnusable({ key, cert, ca }: TlsConfig): void {
  try {
    createSecureContext({ key, cert, ...(ca !== null && { ca }) });
  } catch (cause) {
    const reason = (cause as { reason?: unknown }).reason ?? (cause as Error).message;
    throw mistake(`MCP_TLS_CERT_PATH and MCP_TLS_KEY_PATH cannot be used: ${String(reason)}.`, cause);
  }
}

function mistake(text: string, cause?: unknown): PortkeyMcpError {
  return new PortkeyMcpError("CONFIG", text, {}, { cause });
}

const DAY_MS = 86_400_000;
/** How many days before its end a certificate causes a warning. */
const SOON_DAYS = 14;

type Validity = Pick<X509Certificate, "validFrom" | "validTo">;

/** Warnings about a certificate's validity period. */
export function certificateWarnings(certificate: Validity, now: number): string[] {
  const fault = timeFault(certificate, now);
  if (fault !== undefined) return [fault];
  const to = Date.parse(certificate.validTo);
  const days = Math.floor((to - now) / DAY_MS);
  return days < SOON_DAYS ? [`MCP_TLS_CERT_PATH: the certificate expires on ${timeOf(to)}, in ${days} days.`] : [];
}

function timeFault({ validFrom, validTo }: Validity, now: number): string | undefined {
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  if (now > to) return `MCP_TLS_CERT_PATH: the certificate expired on ${timeOf(to)}, and clients refuse it.`;
  if (now < from) return `MCP_TLS_CERT_PATH: the certificate is not valid before ${timeOf(from)}.`;
  return undefined;
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}

/** Warnings where a certificate is not followed by its issuer's. */
function chainWarnings(chain: Chain): string[] {
  const at = chain.findIndex((certificate, index) => {
    const next = chain[index + 1];
    return next !== undefined && !certificate.checkIssued(next);
  });
  if (at === -1) return [];
  return [
    `MCP_TLS_CERT_PATH: certificate ${at + 2} of the file did not issue the one before it; clients may not trust it.`,
  ];
}
