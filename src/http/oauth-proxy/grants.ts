/**
 * What people have granted to clients. A grant is kept until it ends or is revoked. It has one refresh token, which can
 * be used once: a second use means that it was stolen, and ends the grant (RFC 9700, section 4.14.2).
 */
import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { Identity } from "../auth/principal.ts";
import type { Store } from "./store.ts";

/** How long a grant lasts where the issuer gave a refresh token, and so confirms the login at every refresh. */
const GRANT_MS = 30 * 86_400_000;
/** How long it lasts otherwise: the person has to log in each working day. */
const UNCONFIRMED_GRANT_MS = 12 * 3_600_000;
/** How long a code can be redeemed. */
const CODE_MS = 60_000;
/** How long a second use of a code ends its grant. */
const CODE_REUSE_MS = 600_000;

export interface Grant {
  /** The id of the client that has the grant. */
  readonly client: string;
  readonly identity: Identity;
  readonly scopes: readonly string[];
  /** The issuer's refresh token; null where it gave none. */
  readonly upstream: string | null;
  /** When it ends at the latest, in milliseconds. */
  readonly until: number;
}

/** What a code was issued for, and must be redeemed with. */
export interface CodeTerms {
  readonly grant: string;
  readonly client: string;
  readonly redirect: string;
  readonly challenge: string;
}

/** Each method throws RedisAway where the store cannot be reached. */
export interface Grants {
  /**
   * Keeps a grant for ten minutes, until its code is redeemed, and returns the code. That can be redeemed once, within
   * a minute.
   */
  begin(grant: Omit<Grant, "until">, terms: Omit<CodeTerms, "grant">): Promise<string>;
  /** The terms of a code. Undefined: there is no such code, or it was redeemed before, which ends its grant. */
  redeem(code: string): Promise<CodeTerms | undefined>;
  find(id: string): Promise<Grant | undefined>;
  /** A new refresh token, which replaces any earlier one. */
  issueRefresh(id: string, grant: Grant): Promise<string>;
  /** Uses up a refresh token. Undefined: it is not valid, and where it belongs to a grant, that ends. */
  spendRefresh(token: string): Promise<{ readonly id: string; readonly grant: Grant } | undefined>;
  /** Makes a refresh token valid again after a refresh that failed for no fault of the client's. */
  unspendRefresh(token: string, grant: Grant): Promise<void>;
  /** Saves a changed grant, for as long as it lasts. */
  update(id: string, grant: Grant): Promise<void>;
  /** Ends a grant, and with it its tokens. Resolves with the grant, where there was one. */
  end(id: string): Promise<Grant | undefined>;
  isAlive(id: string): Promise<boolean>;
  /** Called for each grant that ends on this instance. */
  onEnd(listener: (id: string) => void): void;
}

const ID = /^[\w-]{22}$/;

const TERMS = z.object({ grant: z.string(), client: z.string(), redirect: z.string(), challenge: z.string() });

export function createGrants(store: Store): Grants {
  const listeners = new Set<(id: string) => void>();
  const put = (id: string, grant: Grant, most = GRANT_MS) =>
    store.put("grant", id, grant, Math.min(most, grant.until - Date.now()));
  const find = async (id: string) => grantFrom(await store.get("grant", id));

  async function end(id: string): Promise<Grant | undefined> {
    const grant = grantFrom(await store.take("grant", id));
    await store.remove("refresh", id);
    for (const listener of listeners) listener(id);
    return grant;
  }

  return {
    async begin(grant, terms) {
      const id = randomBytes(16).toString("base64url");
      const code = randomBytes(32).toString("base64url");
      const until = Date.now() + (grant.upstream === null ? UNCONFIRMED_GRANT_MS : GRANT_MS);
      await put(id, { ...grant, until }, CODE_REUSE_MS);
      const name = digestOf(code);
      await store.put("issued", name, id, CODE_REUSE_MS);
      await store.put("code", name, { ...terms, grant: id } satisfies CodeTerms, CODE_MS);
      return code;
    },
    async redeem(code) {
      const name = digestOf(code);
      const terms = TERMS.safeParse(await store.take("code", name));
      if (terms.success) return terms.data;
      const issued = await store.get("issued", name);
      if (typeof issued === "string") await end(issued);
      return undefined;
    },
    find,
    ...createRefreshTokens(store, find, end),
    update: (id, grant) => put(id, grant),
    end,
    isAlive: async (id) => (await find(id)) !== undefined,
    onEnd: (listener) => void listeners.add(listener),
  };
}

type RefreshMethods = Pick<Grants, "issueRefresh" | "spendRefresh" | "unspendRefresh">;

function createRefreshTokens(store: Store, find: Grants["find"], end: Grants["end"]): RefreshMethods {
  const keep = (id: string, secret: string, { until }: Grant) =>
    store.put("refresh", id, digestOf(secret), until - Date.now());
  return {
    async issueRefresh(id, grant) {
      const secret = randomBytes(32).toString("base64url");
      await keep(id, secret, grant);
      return `${id}.${secret}`;
    },
    async spendRefresh(token) {
      const [id = "", secret = ""] = token.split(".", 2);
      if (!ID.test(id)) return undefined;
      const current = await store.take("refresh", id);
      if (current !== digestOf(secret)) {
        await end(id);
        return undefined;
      }
      const grant = await find(id);
      return grant === undefined ? undefined : { id, grant };
    },
    async unspendRefresh(token, grant) {
      const [id = "", secret = ""] = token.split(".", 2);
      await keep(id, secret, grant);
    },
  };
}

/** Not checked: only this server can have written it, in its memory or sealed in Redis. */
function grantFrom(kept: unknown): Grant | undefined {
  return kept as Grant | undefined;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
