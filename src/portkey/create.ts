/** The Portkey client, built from its parts: check, bind, choose the key, send with retries, read the answer. */
import { setImmediate } from "node:timers/promises";
import type { ToolRecord } from "../catalog/record.ts";
import { silentLog, type Log } from "../log/log.ts";
import { maskSecret } from "../log/hide-values.ts";
import { maskInTurns, maskQuotation, maskSecrets, secretsIn } from "../log/mask.ts";
import { answerValue, readAnswer } from "./response/answer.ts";
import { attempt } from "./transport/attempt.ts";
import { createCheck, type CheckCall, type LoadValidators } from "./request/check.ts";
import { createRequestClient, type OutgoingRequest } from "./transport/client.ts";
import { failureOf } from "./response/failure.ts";
import { saidFailure, saysFailure } from "./response/said-failure.ts";
import { keysOf } from "./keys/hide-keys.ts";
import { createKeyChooser } from "./keys/choose-key.ts";
import { keyNotes } from "./keys/key-notes.ts";
import type { Answer, Bases, CallContext, Portkey } from "./port.ts";
import { isHeaderText } from "./request/header-text.ts";
import { badInput } from "./request/problem.ts";
import type { HttpAnswer, SendRequest } from "./transport/pooled-fetch.ts";
import { SYSTEM_CLOCK, withRetries, type Clock } from "./transport/retry.ts";
import { watchedAttempts } from "./transport/watched-attempts.ts";

export interface PortkeyOptions {
  readonly bases: Bases;
  /** Milliseconds for one attempt, the reading of its answer included. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** Without it and `check` JSON types go unchecked. */
  readonly loadValidators?: LoadValidators;
  /** A check to share with those who check before they call; default: one over `loadValidators`. */
  readonly check?: CheckCall;
  /** The catalogue's records; without them it cannot be learned which workspace a workspace key belongs to. */
  readonly records?: readonly ToolRecord[];
  readonly userAgent?: string;
  readonly fetch?: SendRequest;
  readonly log?: Log;
  readonly clock?: Clock;
}

type Args = Readonly<Record<string, unknown>>;

/**
 * A client of Portkey. One serves every caller: all that it keeps between calls is which workspace a key belongs to,
 * and for each caller by itself with which key an id came.
 */
export function createPortkey(options: PortkeyOptions): Required<Portkey> {
  const { bases, timeoutMs, maxRetries, log = silentLog, clock = SYSTEM_CLOCK } = options;
  const { check = createCheck(options.loadValidators) } = options;
  const client = createRequestClient({
    bases,
    userAgent: options.userAgent ?? "portkey-admin-mcp",
    ...(options.fetch && { fetch: options.fetch }),
  });

  const { records = [] } = options;
  const keys = createKeyChooser(records, send);

  async function prepare(record: ToolRecord, args: Args, context: CallContext, planned?: true) {
    const { headers = {} } = context;
    if (record.method === undefined) throw new TypeError(`${record.name} has no request of its own`);
    const { parsed, request, warnings } = await check(record, args);
    const bad = Object.entries(headers).filter(([, value]) => !isHeaderText(value));
    if (bad.length > 0)
      throw badInput(
        record.name,
        bad.map(([name]) => ({ path: name, text: "holds characters that a header cannot carry" })),
      );
    const asked = parsed.key ?? context.key;
    const choice = keys.choose({ record, values: parsed.values, asked, context, ...(planned && { planned }) });
    // Mostly there is nothing to wait for.
    const used = "then" in choice ? await choice : choice;
    if (used.key.kind !== "none") context.onKey?.(used.key.kind);
    const outgoing: OutgoingRequest = { record, bound: request, key: used.key, headers };
    return { parsed, outgoing, used, warnings: [...warnings, ...used.key.warnings] };
  }

  async function sendRequest(record: ToolRecord, args: Args, context: CallContext, unread: boolean) {
    const { parsed, outgoing, used, warnings } = await prepare(record, args, context);
    const step = { record, records, values: parsed.values, mayRead: context.mayRead ?? (() => true) };
    if (parsed.dryRun) throw badInput(record.name, [{ path: "dry_run", text: "asks that nothing be sent" }]);
    const started = clock.now();
    const sendOnce = watchedAttempts(context.watch, outgoing, bases[record.base]);
    const result = await withRetries(
      () =>
        sendOnce((watched) =>
          attempt(
            (signal, onHeaders) => client.send(watched, signal, onHeaders, unread),
            context.signal,
            timeoutMs,
            unread,
          ),
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
    const isOk = outcome.kind === "answered" && outcome.response.ok;
    const value = isOk && !unread ? answerValue(outcome.text) : undefined;
    // Portkey may quote what it refuses, and whoever answers in its place may too.
    const secrets = () => [...keysOf(context.credentials), ...secretsIn(outgoing.bound)];
    if (isOk && !saysFailure(value)) {
      const parts = { text: outcome.text, value, warnings, credentials: context.credentials, secrets };
      return { response: outcome.response, parts, used, step };
    }
    const origin = new URL(bases[record.base]).origin;
    await setImmediate();
    const call = { ...step, key: outgoing.key, secrets: secrets(), origin, timeoutMs };
    throw isOk ? saidFailure(call, outcome) : failureOf(call, result);
  }

  async function send(record: ToolRecord, args: Args, context: CallContext): Promise<Answer> {
    const { response, parts, used, step } = await sendRequest(record, args, context, false);
    const answer = readAnswer(step, response, parts);
    keys.learnIds(record, context, used, answer.body);
    const notes = keyNotes({ record, credentials: context.credentials, ...used }, answer.body);
    return notes.length > 0 ? { ...answer, notes } : answer;
  }

  return {
    send,
    async open(record, args, context) {
      return (await sendRequest(record, args, context, true)).response;
    },
    async plan(record, args, context) {
      const { outgoing, warnings } = await prepare(record, args, context, true);
      const { kind, because } = outgoing.key;
      const request = await client.build(outgoing);
      const { body } = outgoing.bound;
      // Checking, masking and folding a megabyte each take a part of the time for which one call may hold the others.
      await setImmediate();
      const headers = {
        ...Object.fromEntries(request.headers),
        ...(outgoing.key.value !== undefined && { "x-portkey-api-key": maskSecret(outgoing.key.value) }),
      };
      const keys = keysOf(context.credentials);
      return {
        method: request.method,
        url: maskQuotation(request.url.href, keys),
        headers: maskHeaders(headers),
        ...(body !== undefined && { body: await maskInTurns(body, keys) }),
        ...(kind !== "none" && { key: kind, key_because: because }),
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
