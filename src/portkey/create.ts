/** The Portkey client, built from its parts: check, bind, choose the key, send with retries, read the answer. */
import type { ToolRecord } from "../catalog/record.ts";
import { silentLog, type Log } from "../log/log.ts";
import { maskSecret, maskSecrets, secretsIn } from "../log/mask.ts";
import { readAnswer } from "./response/answer.ts";
import { attempt } from "./transport/attempt.ts";
import { createCheck, type LoadValidators } from "./request/check.ts";
import { createRequestClient, type OutgoingRequest } from "./transport/client.ts";
import { failureOf } from "./response/failure.ts";
import { chooseKey } from "./request/keys.ts";
import type { Bases, CallContext, Portkey } from "./port.ts";
import { badInput } from "./request/problem.ts";
import type { HttpAnswer, SendRequest } from "./transport/pooled-fetch.ts";
import { SYSTEM_CLOCK, withRetries, type Clock } from "./transport/retry.ts";

export interface PortkeyOptions {
  readonly bases: Bases;
  /** Milliseconds for one attempt, the reading of its answer included. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** Without it JSON types go unchecked. */
  readonly loadValidators?: LoadValidators;
  readonly userAgent?: string;
  readonly fetch?: SendRequest;
  readonly log?: Log;
  readonly clock?: Clock;
}

type Args = Readonly<Record<string, unknown>>;

/** A client of Portkey. It has no state, so one serves every caller. */
export function createPortkey(options: PortkeyOptions): Required<Portkey> {
  const { bases, timeoutMs, maxRetries, log = silentLog, clock = SYSTEM_CLOCK } = options;
  const check = createCheck(options.loadValidators);
  const client = createRequestClient({
    bases,
    userAgent: options.userAgent ?? "portkey-admin-mcp",
    ...(options.fetch && { fetch: options.fetch }),
  });

  async function prepare(record: ToolRecord, args: Args, { credentials, headers = {} }: CallContext) {
    if (record.method === undefined) throw new TypeError(`${record.name} has no request of its own`);
    const { parsed, request, warnings } = await check(record, args);
    const bad = Object.entries(headers).filter(([, value]) => !/^[\t\x20-\x7e\x80-\xff]*$/.test(value));
    if (bad.length > 0)
      throw badInput(
        record.name,
        bad.map(([name]) => ({ path: name, text: "holds characters that a header cannot carry" })),
      );
    const key = chooseKey(record, credentials);
    const outgoing: OutgoingRequest = { record, bound: request, key, headers };
    return { parsed, outgoing, warnings: [...warnings, ...key.warnings] };
  }

  async function sendRequest(record: ToolRecord, args: Args, context: CallContext, unread: boolean) {
    const { parsed, outgoing, warnings } = await prepare(record, args, context);
    if (parsed.dryRun) throw badInput(record.name, [{ path: "dry_run", text: "asks that nothing be sent" }]);
    const started = clock.now();
    const result = await withRetries(
      () =>
        attempt(
          (signal, onHeaders) => client.send(outgoing, signal, onHeaders, unread),
          context.signal,
          timeoutMs,
          unread,
        ),
      {
        idempotent: record.risk === "read" || record.idempotent,
        maxRetries,
        clock,
        signal: context.signal,
        onRetry: (attempts, waitMs, outcome) =>
          log.write("warn", "retrying a request to Portkey", {
            tool: record.name,
            attempts,
            waitMs,
            ...factsOf(outcome),
          }),
      },
    );
    const { outcome, attempts } = result;
    log.write("debug", "request to Portkey", {
      tool: record.name,
      method: record.method,
      path: record.path,
      attempts,
      ms: clock.now() - started,
      ...factsOf(outcome),
    });
    if (outcome.kind === "answered" && outcome.response.ok)
      return { response: outcome.response, text: outcome.text, warnings };
    const { workspaceKey = "", adminKey = "" } = context.credentials;
    const origin = new URL(bases[record.base]).origin;
    // Portkey may quote what it refuses.
    const secrets = [workspaceKey, adminKey, ...secretsIn(outgoing.bound.body)];
    throw failureOf({ record, key: outgoing.key, secrets, origin, timeoutMs }, result);
  }

  return {
    async send(record, args, context) {
      const { response, text, warnings } = await sendRequest(record, args, context, false);
      return readAnswer(record, response, text, warnings);
    },
    async open(record, args, context) {
      return (await sendRequest(record, args, context, true)).response;
    },
    async plan(record, args, context) {
      const { outgoing, warnings } = await prepare(record, args, context);
      const request = await client.build(outgoing);
      const { body } = outgoing.bound;
      const headers = {
        ...Object.fromEntries(request.headers),
        ...(outgoing.key.value !== undefined && { "x-portkey-api-key": maskSecret(outgoing.key.value) }),
      };
      return {
        method: request.method,
        url: request.url.href,
        headers: maskHeaders(headers),
        ...(body !== undefined && { body: maskSecrets(body) }),
        warnings,
      };
    },
  };
}

function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { "x-portkey-api-key": key, ...others } = headers;
  return { ...(maskSecrets(others) as Record<string, string>), ...(key !== undefined && { "x-portkey-api-key": key }) };
}

function factsOf(outcome: {
  readonly kind: string;
  readonly response?: HttpAnswer;
  readonly status?: number;
}): Record<string, unknown> {
  const status = outcome.response?.status ?? outcome.status;
  return { outcome: outcome.kind, ...(status !== undefined && { status }) };
}
