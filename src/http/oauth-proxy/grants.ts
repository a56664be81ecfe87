/**
 * What a person has granted to a client: kept until it ends or is revoked, with one refresh token that counts once.
 * A refresh token that comes a second time has been stolen from somebody: the grant ends for both (RFC 9700, 4.14.2).
 */
import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { Identity } from "../auth/principal.ts";
import type { Store } from "./store.ts";

/** With the issuer's word at every refresh. */
const GRANT_MS = 30 * 86_400_000;
/** Without it: an issuer that gives no refresh token is asked again by a login, each working day. */
const UNASKED_MS = 12 * 3_600_000;
const CODE_MS = 60_000;
/** For as long a code that comes again ends its grant. */
const ISSUED_MS = 600_000;

export interface Grant {
  /** The id of the client it was given to. */
  readonly client: string;
  readonly identity: Identity;
  readonly scopes: readonly string[];
  /** The issuer's refresh token; null where it gave none. */
  readonly upstream: string | null;
  /** When it ends at the latest, in milliseconds. */
  readonly until: number;
}

/** What a code was given for, and must be redeemed with. */
export interface CodeTerms {
  readonly grant: string;
  readonly client: string;
  readonly redirect: string;
  readonly challenge: string;
}

/** Each method throws RedisAway where what is kept cannot be reached. */
export interface Grants {
  /** Keeps a grant, for ten minutes at first, and gives a code that can be redeemed for it once, within a minute. */
  begin(grant: Omit<Grant, "until">, terms: Omit<CodeTerms, "grant">): Promise<string>;
  /** A code's terms, once; a code that comes again ends its grant. Undefined: none, or no longer. */
  redeem(code: string): Promise<CodeTerms | undefined>;
  find(id: string): Promise<Grant | undefined>;
  /** A new refresh token, in place of any before it. */
  issueRefresh(id: string, grant: Grant): Promise<string>;
  /** The grant of a refresh token, which is spent. Undefined: it does not count; where it was spent, the grant ends. */
  spendRefresh(token: string): Promise<{ readonly id: string; readonly grant: Grant } | undefined>;
  /** Makes a refresh token count again that was spent for nothing, since the issuer could not be asked. */
  unspendRefresh(token: string, grant: Grant): Promise<void>;
  /** Keeps what has changed, for as long as the grant lasts. */
  update(id: string, grant: Grant): Promise<void>;
  /** Ends a grant: its tokens count no more. */
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
    async begin(given, terms) {
      const [id, code] = [randomBytes(16).toString("base64url"), randomBytes(32).toString("base64url")];
      const until = Date.now() + (given.upstream === null ? UNASKED_MS : GRANT_MS);
      await put(id, { ...given, until }, ISSUED_MS);
      const name = digestOf(code);
      await store.put("issued", name, id, ISSUED_MS);
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
    ...refreshTokens(store, find, end),
    update: (id, grant) => put(id, grant),
    end,
    isAlive: async (id) => (await find(id)) !== undefined,
    onEnd: (listener) => void listeners.add(listener),
  };
}

type RefreshMethods = Pick<Grants, "issueRefresh" | "spendRefresh" | "unspendRefresh">;

function refreshTokens(store: Store, find: Grants["find"], end: Grants["end"]): RefreshMethods {
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

/** This server wrote it: in memory as it is, in Redis behind a seal. */
function grantFrom(kept: unknown): Grant | undefined {
  return kept as Grant | undefined;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
