/**
 * How many calls of one owner run. A call that waits for an answer of its client, be it a person's, a model's or the
 * client's own, holds no slot meanwhile: questions that nobody answers lock nobody out.
 */
import type { Caller, ClientLink } from "../../mcp/registry.ts";
import { RPC, RpcError } from "../../mcp/rpc-error.ts";

/** Calls that wait, for each that may run: they hold memory all the same. */
const WAITING_PER_SLOT = 4;

interface Held {
  running: number;
  waiting: number;
}

export class CallSlots {
  readonly #held = new Map<string, Held>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a slot; the returned function gives it back. Throws RpcError where there is none. */
  take(caller: Caller): { readonly free: () => void; readonly link: (link: ClientLink) => ClientLink } {
    const owner = caller.quota ?? caller.principal;
    const held = this.#held.get(owner) ?? { running: 0, waiting: 0 };
    if (held.running >= this.#limit)
      throw new RpcError(
        RPC.server,
        `${this.#limit} calls of yours are running, and no more may run at once. Wait for one to end.`,
      );
    if (held.waiting >= this.#limit * WAITING_PER_SLOT)
      throw new RpcError(RPC.server, `${held.waiting} calls of yours wait for an answer of yours. Answer some first.`);
    this.#held.set(owner, held);
    held.running += 1;
    const free = () => {
      held.running -= 1;
      if (held.running === 0 && held.waiting === 0) this.#held.delete(owner);
    };
    return { free, link: (link) => asking(link, held) };
  }
}

/** The link, whose questions give the slot back until they are answered. */
function asking(link: ClientLink, held: Held): ClientLink {
  const { elicit, sample, roots } = link;
  if (elicit === undefined && sample === undefined && roots === undefined) return link;
  async function waiting<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    held.running -= 1;
    held.waiting += 1;
    try {
      return await ask();
    } finally {
      held.running += 1;
      held.waiting -= 1;
    }
  }
  return {
    ...link,
    ...(elicit && { elicit: (...question) => waiting(() => elicit(...question)) }),
    ...(sample && { sample: (params) => waiting(() => sample(params)) }),
    ...(roots && { roots: () => waiting(() => roots()) }),
  };
}
