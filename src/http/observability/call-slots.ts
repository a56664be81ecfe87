/**
 * Limits how many calls of one owner run at once. A call that waits for an answer from its client holds no slot, so
 * that unanswered questions do not block other calls.
 */
import type { Caller, ClientLink } from "../../mcp/registry.ts";
import { RPC, RpcError } from "../../mcp/rpc-error.ts";

/** How many calls may wait for answers, for each that may run; waiting calls still take memory. */
const WAITING_PER_SLOT = 4;

interface OwnerCalls {
  running: number;
  waiting: number;
}

export class CallSlots {
  readonly #byOwner = new Map<string, OwnerCalls>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a slot, until `free`; throws RpcError where there is none. `link` wraps a link so that waiting frees it. */
  take(caller: Caller): { readonly free: () => void; readonly link: (link: ClientLink) => ClientLink } {
    const owner = caller.quota ?? caller.principal;
    const calls = this.#byOwner.get(owner) ?? { running: 0, waiting: 0 };
    if (calls.running >= this.#limit)
      throw new RpcError(
        RPC.server,
        `${this.#limit} calls of yours are running, and no more may run at once. Wait for one to end.`,
      );
    if (calls.waiting >= this.#limit * WAITING_PER_SLOT)
      throw new RpcError(RPC.server, `${calls.waiting} calls of yours wait for an answer of yours. Answer some first.`);
    this.#byOwner.set(owner, calls);
    calls.running += 1;
    const free = () => {
      calls.running -= 1;
      if (calls.running === 0 && calls.waiting === 0) this.#byOwner.delete(owner);
    };
    return { free, link: (link) => freeWhileAsking(link, calls) };
  }
}

/** The link, with questions that give the slot back until they are answered. */
function freeWhileAsking(link: ClientLink, calls: OwnerCalls): ClientLink {
  const { elicit, sample, roots } = link;
  if (elicit === undefined && sample === undefined && roots === undefined) return link;
  async function waitFor<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    calls.running -= 1;
    calls.waiting += 1;
    try {
      return await ask();
    } finally {
      calls.running += 1;
      calls.waiting -= 1;
    }
  }
  return {
    ...link,
    ...(elicit && { elicit: (...question) => waitFor(() => elicit(...question)) }),
    ...(sample && { sample: (params) => waitFor(() => sample(params)) }),
    ...(roots && { roots: () => waitFor(() => roots()) }),
  };
}
