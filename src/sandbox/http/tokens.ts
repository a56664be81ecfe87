/**
 * The token endpoint of an edition whose operations take tokens (OAuth client credentials), for one tenant. Whether an
 * edition does, its document says.
 */
import { createHmac } from "node:crypto";
import { uuid } from "../state/ids.ts";
import { decodeComponent } from "./decode-component.ts";

export const tokenPath = "/oauth2/access_token";

/** The only service account of the sandbox. */
export const seedAccount = {
  clientId: "sandbox@1000000001.iam.panserviceaccount.com",
  clientSecret: "sandbox-client-secret",
  tenant: "1000000001",
} as const;

export interface TokenRequest {
  readonly authorization: unknown;
  /** The body, form-encoded. */
  readonly form: string;
}

/** The answer of the token endpoint; the body is JSON. */
export interface TokenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export class Tokens {
  readonly #endsAt = new Map<string, number>();
  #issued = 0;

  constructor(
    readonly now: () => number,
    /** The lifetime of a token in seconds. */
    readonly seconds: number,
  ) {}

  /** The number of tokens issued. */
  get issued(): number {
    return this.#issued;
  }

  issue(): string {
    this.#issued += 1;
    const claims = { sub: seedAccount.clientId, tsg_id: seedAccount.tenant, jti: uuid(`token:${this.#issued}`) };
    const parts = [{ alg: "HS256", typ: "JWT" }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString("base64url"),
    );
    const signature = createHmac("sha256", "sandbox").update(parts.join(".")).digest("base64url");
    const token = [...parts, signature].join(".");
    this.#endsAt.set(token, this.now() + this.seconds * 1000);
    return token;
  }

  /** Whether the header `authorization` has a valid token. */
  accepts(authorization: unknown): boolean {
    const token = typeof authorization === "string" ? /^Bearer (\S+)$/.exec(authorization)?.[1] : undefined;
    return token !== undefined && this.now() < (this.#endsAt.get(token) ?? 0);
  }

  /** Revokes every token issued so far. */
  revoke(): void {
    this.#endsAt.clear();
  }

  /** The answer of the token endpoint. */
  answer({ authorization, form }: TokenRequest): TokenAnswer {
    const fields = new URLSearchParams(form);
    if (fields.get("grant_type") !== "client_credentials") return refusal(400, "unsupported_grant_type");
    if (!isAccount(authorization)) return refusal(401, "invalid_client");
    if (fields.get("scope") !== `tsg_id:${seedAccount.tenant}`) return refusal(400, "invalid_scope");
    const body = {
      access_token: this.issue(),
      token_type: "Bearer",
      expires_in: this.seconds,
      scope: fields.get("scope"),
    };
    return { status: 200, headers: { "cache-control": "no-store" }, body };
  }
}

function refusal(status: number, error: string): TokenAnswer {
  return { status, headers: {}, body: { error } };
}

function isAccount(authorization: unknown): boolean {
  const basic = typeof authorization === "string" ? /^Basic (\S+)$/.exec(authorization)?.[1] : undefined;
  const [id = "", secret = ""] = Buffer.from(basic ?? "", "base64")
    .toString("utf8")
    .split(":")
    .map(decodeComponent);
  return id === seedAccount.clientId && secret === seedAccount.clientSecret;
}
