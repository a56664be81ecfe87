/**
 * Questions to the client in revision 2026-07-28, where a server cannot send requests: the call answers
 * `input_required`, the client asks its person or model, and sends the call again with the answers.
 * So a handler runs until it asks, and is abandoned there. In the next round it runs again from its start, and earlier
 * questions are answered at once. Two questions are the same where their digests are.
 * A consent counts once: it uses up the state it came with. Sent again, that state carries out nothing.
 */
import { isObject, type Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { digestOf, STATE_TTL_MS, type RequestStateCodec, type RoundState } from "./request-state.ts";
import type { SpentStates } from "./spent-states.ts";
import { RPC, RpcError } from "../rpc-error.ts";

/** A question, as the request that is embedded in the result. */
interface Question {
  readonly method: "elicitation/create" | "sampling/createMessage" | "roots/list";
  readonly params: Json;
}

export interface RoundInput {
  readonly codec: RequestStateCodec;
  readonly spent: SpentStates;
  readonly principal: string;
  readonly method: string;
  /** The request's parameters without `_meta` and the parameters of rounds. */
  readonly params: Json;
  /** `requestState`, as sent; undefined in the first round. */
  readonly state: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

/** One round of one call. */
export class Round {
  readonly #input: RoundInput;
  readonly #earlier: RoundState;
  readonly #answered = new Map<string, { digest: string; answer: unknown }>();
  readonly #open = new Map<string, Question>();
  readonly #counts = new Map<string, number>();
  readonly #abort = new AbortController();
  #suspend: () => void = () => undefined;
  #spending: Promise<void> | undefined;

  /** Throws RpcError -32602 where the state does not open. */
  constructor(input: RoundInput) {
    this.#input = input;
    const state = typeof input.state === "string" ? input.codec.open(input.state, this.#bound()) : undefined;
    if (input.state !== undefined && state === undefined) {
      throw new RpcError(RPC.invalidParams, "Invalid or expired requestState", { reason: "invalid_request_state" });
    }
    this.#earlier = state ?? { asked: {}, answered: {} };
  }

  /** What a state is valid for. Computed only where there is a state. */
  #bound(): string {
    return JSON.stringify([this.#input.principal, this.#input.method, digestOf(this.#input.params)]);
  }

  /** Aborts when the round is suspended to wait for answers. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /**
   * The client's answer, where it has come. Otherwise rejects once the round is suspended; the call asks again in the
   * next round. A question with a `key` can be answered without a state.
   */
  ask(question: Question, key?: string): Promise<unknown> {
    const count = (this.#counts.get(question.method) ?? 0) + 1;
    this.#counts.set(question.method, count);
    const name = key ?? `${question.method}#${count}`;
    const digest = digestOf(question);
    const before = memberOf(this.#earlier.answered, name);
    const answer = before?.digest === digest ? before.answer : this.#newAnswer(name, digest, key !== undefined);
    if (answer !== undefined) {
      this.#answered.set(name, { digest, answer });
      return isConsent(answer) ? this.#spend().then(() => answer) : Promise.resolve(answer);
    }
    this.#open.set(name, question);
    // Questions of the same turn of the event loop are sent together.
    setImmediate(() => this.#suspend());
    return new Promise((_resolve, reject) => {
      this.signal.addEventListener("abort", () => reject(this.signal.reason));
    });
  }

  /** Uses up the state; throws DECLINED where it was used before. Without a state there is nothing to replay. */
  #spend(): Promise<void> {
    const { state, spent } = this.#input;
    if (typeof state !== "string") return Promise.resolve();
    return (this.#spending ??= spendOnce(spent, state));
  }

  /** The answer that came with this round; undefined where there is none, or it is for another question. */
  #newAnswer(name: string, digest: string, mayBeUnasked: boolean): unknown {
    const askedDigest = memberOf(this.#earlier.asked, name);
    const isExpected = askedDigest === undefined ? mayBeUnasked : askedDigest === digest;
    if (!isExpected) return undefined;
    return Object.hasOwn(this.#input.responses, name) ? this.#input.responses[name] : undefined;
  }

  /** The result of `work`, or where it asks, the `input_required` result with its questions. */
  async run(work: () => Promise<Json>): Promise<Json> {
    const suspended = new Promise<undefined>((resolve) => {
      this.#suspend = () => resolve(undefined);
    });
    const running = work();
    const result = await Promise.race([running, suspended]);
    if (result !== undefined) return result;
    running.catch(() => undefined);
    this.#abort.abort(
      new PortkeyMcpError("CANCELLED", "Waiting for the client's answer; the call runs again with it.", {
        asking: true,
      }),
    );
    const digests = Object.fromEntries([...this.#open].map(([name, question]) => [name, digestOf(question)]));
    return {
      resultType: "input_required",
      inputRequests: Object.fromEntries(this.#open),
      requestState: this.#input.codec.seal(
        { asked: digests, answered: Object.fromEntries(this.#answered) },
        this.#bound(),
      ),
    };
  }
}

async function spendOnce(spent: SpentStates, state: string): Promise<void> {
  const verdict = await spent.spend(digestOf(state), STATE_TTL_MS);
  if (verdict === "fresh") return;
  throw new PortkeyMcpError("DECLINED", REFUSALS[verdict], { reason: verdict });
}

/** Whether an answer is a person's consent, which counts once. Refusals and answers of models may be sent again. */
function isConsent(answer: unknown): boolean {
  return isObject(answer) && answer["action"] === "accept";
}

const REFUSALS = {
  spent: "This answer has been used already, and counts once. Nothing was sent. To be asked again, call without it.",
  unknown: "Whether this answer has been used cannot be looked up now. Nothing was sent. Try again in a while.",
} as const;

function memberOf<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
