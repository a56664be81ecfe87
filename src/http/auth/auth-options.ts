/** What authentication is built from. */
import type { Policy, PolicySubject } from "../../catalog/policy.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import type { Credentials } from "../../portkey/port.ts";
import type { Bindings } from "../policy/bindings.ts";
import type { ReadSecret } from "../policy/policy-file-context.ts";
import type { IssuerKeys, IssuerKeysOptions } from "./issuer-keys.ts";
import type { VerifyToken } from "./signed-tokens.ts";

export interface AuthOptions {
  readonly config: HttpConfig;
  /** The server's upper bound and its own keys. */
  readonly policy: Policy;
  readonly credentials: Credentials;
  readonly records: readonly PolicySubject[];
  readonly readSecret: ReadSecret;
  /** Mode oauth-proxy: checks the tokens of this server's own. */
  readonly ownTokens?: VerifyToken;
  readonly warn?: (message: string) => void;
  /** What sessions are bound to; default: made from these options. */
  readonly bindings?: Bindings;
  /** The keys of issuers by their name, kept where authentication is made anew. */
  readonly issuerKeys?: Map<string, IssuerKeys>;
  /** Times of the issuer's key set, where the defaults do not fit. */
  readonly keys?: Pick<IssuerKeysOptions, "cooldownMs" | "intervalMs" | "timeoutMs" | "staleMs">;
}
