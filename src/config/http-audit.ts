/** The audit's settings, checked against each other. */
import type { AuditForm, WebhookConfig } from "./http-config.ts";
import type { HTTP_SETTINGS } from "./http-settings.ts";
import { isLoopback } from "./base-url.ts";
import type { Values } from "./setting.ts";

type HttpValues = Values<typeof HTTP_SETTINGS>;

/** Bytes; shorter secrets can be guessed. */
const SHORTEST = 16;
/** The prefix of a secret in the form of Standard Webhooks, which is base64. */
const PREFIX = "whsec_";

/** How the audit is written. Adds to `mistakes` where settings contradict each other. */
export function auditForm(values: HttpValues, mistakes: string[]): AuditForm {
  const { MCP_AUDIT_CHAIN: chained, MCP_AUDIT_CHAIN_KEY: key, MCP_AUDIT_FORMAT: format } = values;
  if (key !== null && !chained)
    mistakes.push("MCP_AUDIT_CHAIN_KEY is set, and MCP_AUDIT_CHAIN is not true: no chain would be written. Set both.");
  if (key !== null && key.length < SHORTEST)
    mistakes.push(`MCP_AUDIT_CHAIN_KEY is shorter than ${SHORTEST} characters. Make one with: openssl rand -hex 32`);
  const webhook = webhookOf(values, mistakes);
  const remote = webhook !== null || values.MCP_AUDIT_LOG.split(",").some((place) => place.trim() === "otlp");
  if (remote && values.MCP_AUDIT_OVERFLOW === "block")
    mistakes.push("MCP_AUDIT_OVERFLOW is block, which only stderr and files can do. Set it to refuse or drop.");
  return Object.freeze({ format, ...(chained && { chain: key }), webhook });
}

function webhookOf(values: HttpValues, mistakes: string[]): WebhookConfig | null {
  const { MCP_AUDIT_WEBHOOK_URL: url, MCP_AUDIT_WEBHOOK_SECRET: secret } = values;
  if (url === null) {
    if (secret !== null) mistakes.push("MCP_AUDIT_WEBHOOK_SECRET is set without MCP_AUDIT_WEBHOOK_URL.");
    return null;
  }
  const allowPrivate = values.MCP_ALLOW_PRIVATE_WEBHOOK;
  mistakes.push(...addressProblems(url, allowPrivate));
  if (secret === null) {
    mistakes.push("MCP_AUDIT_WEBHOOK_URL is set without MCP_AUDIT_WEBHOOK_SECRET, which signs what is sent. Set both.");
    return null;
  }
  if (secret.length < SHORTEST) mistakes.push(`MCP_AUDIT_WEBHOOK_SECRET is shorter than ${SHORTEST} characters.`);
  return { url, secret: secretBytes(secret), allowPrivate };
}

/** Messages do not quote the address: it may hold a secret. */
function addressProblems(address: string, allowPrivate: boolean): string[] {
  if (!URL.canParse(address)) return ["MCP_AUDIT_WEBHOOK_URL is no URL. Use the form https://host/path."];
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== "" || password !== "") return ["MCP_AUDIT_WEBHOOK_URL has a user name or password in it."];
  if (protocol === "https:") return [];
  if (protocol !== "http:") return ["MCP_AUDIT_WEBHOOK_URL must start with https://."];
  if (allowPrivate || isLoopback(hostname)) return [];
  return [
    "MCP_AUDIT_WEBHOOK_URL must start with https://; MCP_ALLOW_PRIVATE_WEBHOOK=true allows http in your network.",
  ];
}

function secretBytes(secret: string): Uint8Array {
  return secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), "base64") : Buffer.from(secret);
}
