/** Answers one request of revision 2026-07-28. The SDK's server and the plain path over HTTP both use it. */
import { ownMember } from "../../catalog/json.ts";
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { METHODS } from "../methods.ts";
import { observe, type RequestSpan } from "../observe.ts";
import { createProgress, type ProgressParams } from "../progress.ts";
import type { Caller, ClientLink, ElicitOutcome, Registry } from "../registry.ts";
import type { RequestStateCodec } from "./request-state.ts";
import { Round } from "./rounds.ts";
import { RPC, RpcError, toRpcError } from "../rpc-error.ts";
import type { SpentStates } from "./spent-states.ts";

export interface ModernServing {
  readonly registry: Registry;
  /** Seals `requestState`. */
  readonly codec: RequestStateCodec;
  readonly spent: SpentStates;
  /** Called for unexpected errors, for which the client gets -32603 without their text. */
  readonly onUnexpected?: (error: unknown, method: string) => void;
}

/** A request, with its envelope and the parameters of rounds taken out of `params`. */
export interface ModernCall {
  readonly method: string;
  readonly params: Json;
  readonly id: string | number;
  readonly meta: unknown;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** The client's capabilities, from the envelope. */
  readonly capabilities: Readonly<Record<string, Json | undefined>>;
  readonly progressToken?: string | number | undefined;
  /** The parameter `requestState`. */
  readonly state: unknown;
  /** The parameter `inputResponses`. */
  readonly responses: Json;
  /** Sends notifications; absent where the answer is one JSON body. */
  readonly report?: {
    readonly progress: (params: ProgressParams) => void;
    readonly log: (level: string, data: unknown) => void;
  };
}

export const MODERN_REVISION = "2026-07-28";

/** How long clients may cache a list, which changes only with the server's settings. Reads are live and not cached. */
const LIST_TTL_MS = 300_000;
export const CACHE: Readonly<Record<string, Json>> = {
  "tools/list": { ttlMs: LIST_TTL_MS, cacheScope: "private" },
  "prompts/list": { ttlMs: LIST_TTL_MS, cacheScope: "private" },
  "resources/list": { ttlMs: LIST_TTL_MS, cacheScope: "private" },
  "resources/templates/list": { ttlMs: LIST_TTL_MS, cacheScope: "private" },
  "resources/read": { ttlMs: 0, cacheScope: "private" },
};

/** The methods whose answer may be `input_required`. */
const ASKING: ReadonlySet<string> = new Set(["tools/call", "prompts/get", "resources/read"]);

/** The result, or `input_required`. Throws RpcError and nothing else. */
export function answerCall(serving: ModernServing, call: ModernCall): Promise<Json> {
  const { method, id, meta, caller } = call;
  const { wire } = caller;
  return observe(serving.registry, { method, id, meta, revision: MODERN_REVISION, wire }, (span) =>
    answerMethod(serving, call, span),
  );
}

async function answerMethod(serving: ModernServing, call: ModernCall, span: RequestSpan | undefined): Promise<Json> {
  const method = Object.hasOwn(METHODS, call.method) ? METHODS[call.method] : undefined;
  if (method === undefined) throw new RpcError(RPC.methodNotFound, "Method not found");
  const { registry } = serving;
  const { params, caller } = call;
  try {
    const round = createRound(serving, call);
    const link = { ...createLink(call, round), ...(span && { span }) };
    const work = async (): Promise<Json> => method({ params, registry, caller, link });
    const result = await (round === undefined ? work() : round.run(work));
    return result["resultType"] === undefined ? { ...result, ...ownMember(CACHE, call.method) } : result;
  } catch (error) {
    const answer = toRpcError(error, (cause) => serving.onUnexpected?.(cause, call.method));
    if (call.method === "resources/read" && error instanceof PortkeyMcpError) {
      throw new RpcError(
        answer.code,
        answer.message,
        { ...(answer.data as Json), uri: params["uri"] },
        { cause: error },
      );
    }
    throw answer;
  }
}

/** The round of a request; undefined where the client cannot be asked anything and sends no state. */
function createRound(
  { codec, spent }: ModernServing,
  { method, params, caller, capabilities, state, responses }: ModernCall,
): Round | undefined {
  const { elicitation, sampling, roots } = capabilities;
  if (!ASKING.has(method) || !(elicitation || sampling || roots || state !== undefined)) return undefined;
  const boundParams: Record<string, unknown> = { ...params };
  delete boundParams["_meta"];
  const principal = caller.binding ?? caller.principal;
  return new Round({ codec, spent, principal, method, params: boundParams, state, responses });
}

/** The link to the client, as the registry gets it. */
function createLink({ signal, capabilities, progressToken, report }: ModernCall, round: Round | undefined): ClientLink {
  const { elicitation, sampling, roots } = capabilities;
  return {
    signal: round === undefined ? signal : AbortSignal.any([signal, round.signal]),
    ...(round && { asksInRounds: true }),
    ...(progressToken !== undefined && report && { progress: createProgress(progressToken, report.progress) }),
    // An empty `elicitation: {}` means forms, as before there were modes.
    ...(round &&
      elicitation &&
      (elicitation["form"] !== undefined || elicitation["url"] === undefined) && {
        elicit: (message: string, requestedSchema: Json, key?: string) =>
          round.ask(
            { method: "elicitation/create", params: { mode: "form", message, requestedSchema } },
            key,
          ) as Promise<ElicitOutcome>,
      }),
    ...(round &&
      sampling && {
        sample: (params: Json) => round.ask({ method: "sampling/createMessage", params }) as Promise<Json>,
      }),
    ...(round &&
      roots && {
        roots: () => round.ask({ method: "roots/list", params: {} }) as Promise<Json>,
      }),
    ...(report && { log: report.log }),
  };
}
