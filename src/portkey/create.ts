/** The Portkey client, built from its parts: check, bind, choose the key, send with retries, read the answer. */
import { setImmediate } from "node:timers/promises";
import type { ToolRecord } from "../catalog/record.ts";
import { silentLog, type Log } from "../log/log.ts";
import { maskInTurns, maskQuotation, maskSecrets, secretsIn } from "../log/mask.ts";
import { addressOf } from "./bases.ts";
import { credentialSecrets } from "./credentials.ts";
import { answerValue, readAnswer } from "./response/answer.ts";
import { attempt } from "./transport/attempt.ts";
import { createCheck, type CheckCall, type LoadValidators } from "./request/check.ts";
import { createRequestClient, type OutgoingRequest } from "./transport/client.ts";
import { failureOf } from "./response/failure.ts";
import { saidFailure, saysFailure } from "./response/said-failure.ts";
import { createKeyChooser } from "./keys/choose-key.ts";
import { filterNotes } from "./response/filtered-list.ts";
import { keyNotes } from "./keys/key-notes.ts";
import type { ChosenKey } from "./keys/take-key.ts";
import type { Answer, Bases, CallContext, Portkey } from "./port.ts";
import { PORTKEY, type Product } from "./product.ts";
import { isHeaderText } from "./request/header-text.ts";
import { badInput } from "./request/problem.ts";
import { accessOf, shownAccess, type Access } from "./tokens/access.ts";
import { fetchToken } from "./tokens/fetch-token.ts";
import { createTokenService } from "./tokens/token-service.ts";
import { createPooledFetch, type HttpAnswer, type SendRequest } from "./transport/pooled-fetch.ts";
import { SYSTEM_CLOCK, withRetries, type Clock, type RetryResult } from "./transport/retry.ts";
import { watchedAttempts } from "./transport/watched-attempts.ts";

export interface PortkeyOptions {
  readonly bases: Bases;
  /** Where service accounts get their tokens; absent: there are none. */
  readonly tokenUrl?: string | undefined;
  /** How its messages name the API and its settings; absent: as Portkey's. */
  readonly product?: Product | undefined;
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
  const { userAgent = "portkey-admin-mcp", fetch = createPooledFetch() } = options;
  const client = createRequestClient({ bases, userAgent, fetch });
  const tokenRequest = {
    url: options.tokenUrl ?? "",
    setting: (options.product ?? PORTKEY).tokens,
    fetch,
    timeoutMs,
    maxRetries,
    clock,
    userAgent,
  };
  const tokens = createTokenService({ fetchToken: (account) => fetchToken(tokenRequest, account), log, clock });

  const { records = [], product = PORTKEY } = options;
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
    const asked = parsed.key ?? (context.key === "token" ? undefined : context.key);
    const choice = keys.choose({ record, values: parsed.values, asked, context, ...(planned && { planned }) });
    // Mostly there is nothing to wait for.
    const used = "then" in choice ? await choice : choice;
    if (used.key.kind !== "none") context.onKey?.(used.key.kind);
    const outgoing = { record, bound: request, headers };
    return { parsed, outgoing, used, warnings: [...warnings, ...used.key.warnings] };
  }

  async function sendRequest(record: ToolRecord, args: Args, context: CallContext, unread: boolean) {
    const { parsed, outgoing, used, warnings } = await prepare(record, args, context);
    const step = { record, records, values: parsed.values, mayRead: context.mayRead ?? (() => true), product };
    if (parsed.dryRun) throw badInput(record.name, [{ path: "dry_run", text: "asks that nothing be sent" }]);
    const started = clock.now();
    const { access, result } = await sendProven(used.key, context, (proof) =>
      sendWith({ ...outgoing, access: proof }, context, unread),
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
    const secrets = () => [...credentialSecrets(context.credentials), ...access.secrets, ...secretsIn(outgoing.bound)];
    if (isOk && !saysFailure(value)) {
      const parts = { text: outcome.text, value, warnings, credentials: context.credentials, secrets };
      return { response: outcome.response, parts, used, step };
    }
    const { origin } = new URL(addressOf(bases, record.base));
    await setImmediate();
    const known = { secrets: secrets(), origin, timeoutMs };
    const call = { ...step, key: used.key, ...known };
    throw isOk ? saidFailure(call, outcome) : failureOf(call, result);
  }

  function sendWith(outgoing: OutgoingRequest, { signal, watch }: CallContext, unread: boolean): Promise<RetryResult> {
    const { record } = outgoing;
    const sendOnce = watchedAttempts(watch, outgoing, addressOf(bases, record.base));
    return withRetries(
      () =>
        sendOnce((watched) =>
          attempt((own, onHeaders) => client.send(watched, own, onHeaders, unread), signal, timeoutMs, unread),
        ),
      {
        idempotent: record.risk === "read" || record.idempotent,
        maxRetries,
        clock,
        signal,
        onRetry: (attempts, waitMs, outcome) =>
          log.write("warn", "retrying a request to Portkey", {
            tool: record.name,
            attempts,
            waitMs,
            ...factsOf(outcome),
          }),
      },
    );
  }

  /** A token that is refused has done nothing: the request goes out once more, with a new one. */
  async function sendProven(
    key: ChosenKey,
    { signal }: CallContext,
    run: (proof: Access["headers"]) => Promise<RetryResult>,
  ): Promise<{ access: Access; result: RetryResult }> {
    const access = await accessOf(key, tokens, signal);
    const result = await run(access.headers);
    const refused = result.outcome.kind === "answered" && result.outcome.response.status === 401;
    if (!refused || access.renew === undefined) return { access, result };
    const renewed = await access.renew();
    return { access: renewed, result: await run(renewed.headers) };
  }

  async function send(record: ToolRecord, args: Args, context: CallContext): Promise<Answer> {
    const { response, parts, used, step } = await sendRequest(record, args, context, false);
    const answer = readAnswer(step, response, parts);
    keys.learnIds(record, context, used, answer.body);
    const { credentials } = context;
    const notes = [
      ...keyNotes({ record, credentials, own: keys.ownWorkspace(credentials), ...used }, answer.body),
      ...filterNotes(record, step.values, answer.body),
    ];
    return notes.length > 0 ? { ...answer, notes } : answer;
  }

  return {
    send,
    async open(record, args, context) {
      return (await sendRequest(record, args, context, true)).response;
    },
    async plan(record, args, context) {
      const { outgoing, used, warnings } = await prepare(record, args, context, true);
      const { kind, because } = used.key;
      const request = await client.build({ ...outgoing, access: {} });
      const { body } = outgoing.bound;
      // Checking, masking and folding a megabyte each take a part of the time for which one call may hold the others.
      await setImmediate();
      const keys = credentialSecrets(context.credentials);
      const shown = maskSecrets(Object.fromEntries(request.headers)) as Record<string, string>;
      return {
        method: request.method,
        url: maskQuotation(request.url.href, keys),
        headers: { ...shown, ...shownAccess(used.key) },
        ...(body !== undefined && { body: await maskInTurns(body, keys) }),
        ...(kind !== "none" && { key: kind, key_because: because }),
        warnings,
      };
    },
  };
}

function factsOf(outcome: {
  readonly kind: string;
  readonly response?: HttpAnswer;
  readonly status?: number;
}): Record<string, unknown> {
  const status = outcome.response?.status ?? outcome.status;
  return { outcome: outcome.kind, ...(status !== undefined && { status }) };
}
