/**
 * Posts the audit's lines to a webhook, as in a file (application/x-ndjson), with a signature by Standard Webhooks, so
 * that its libraries can verify it.
 */
import { createHmac } from "node:crypto";
import { PrivateAddress } from "../../addresses/guarded-lookup.ts";
import { guardedRequest } from "../../addresses/guarded-request.ts";
import type { WebhookConfig } from "../../config/http-config.ts";
import { NotDelivered, type Deliver } from "./remote-sink.ts";

const TIMEOUT_MS = 10_000;
/** Statuses below 500 after which a retry may help. */
const RETRYABLE = new Set([408, 425, 429]);

export function createWebhookDelivery({ url, secret, allowPrivate }: WebhookConfig): Deliver {
  return async ({ id, lines }, signal) => {
    const body = lines.map(({ line }) => line).join("");
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64");
    const answer = await guardedRequest(url, {
      method: "POST",
      headers: {
        "content-type": "application/x-ndjson",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": `v1,${signature}`,
      },
      body,
      allowPrivate,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    }).catch((error: unknown) => {
      throw new NotDelivered(reasonOf(error), error instanceof PrivateAddress);
    });
    answer.body.resume();
    const { status } = answer;
    if (status < 200 || status > 299)
      throw new NotDelivered(`it answered ${status}`, status < 500 && !RETRYABLE.has(status));
  };
}

/** Why the request failed, without the address, whose path may be a secret. */
function reasonOf(error: unknown): string {
  if (error instanceof PrivateAddress)
    return "its address is private or special (MCP_ALLOW_PRIVATE_WEBHOOK=true allows that)";
  const { code, name } = error as Error & { code?: unknown };
  return name === "TimeoutError" ? "it did not answer in time" : `it cannot be reached (${String(code ?? name)})`;
}
