/** The options of `createAuth` in create-auth.ts. */
import type { Policy, PolicySubject } from "../../catalog/policy.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import type { Credentials } from "../../portkey/port.ts";
import type { Bindings } from "../policy/bindings.ts";
import type { ReadSecret } from "../policy/policy-file-context.ts";
import type { IssuerKeys, IssuerKeysOptions } from "./issuer-keys.ts";
import type { VerifyToken } from "./signed-tokens.ts";

export interface AuthOptions {
  readonly config: HttpConfig;
  /** What the server's settings admit: the upper bound of every caller's policy. */
  readonly policy: Policy;
  /** The Portkey keys of the server's settings. */
  readonly credentials: Credentials;
  readonly records: readonly PolicySubject[];
  readonly readSecret: ReadSecret;
  /** Mode oauth-proxy: verifies the tokens that this server issues. */
  readonly ownTokens?: VerifyToken;
  readonly warn?: (message: string) => void;
  /** What sessions are bound to; default: made from these options. */
  readonly bindings?: Bindings;
  /** The keys of issuers, by issuer; passed on so that they survive when authentication is created anew. */
  readonly issuerKeys?: Map<string, IssuerKeys>;
  /** Times for fetching and keeping the issuer's key set; by default those of issuer-keys.ts and key-loader.ts. */
  readonly keys?: Pick<IssuerKeysOptions, "cooldownMs" | "intervalMs" | "timeoutMs" | "staleMs">;
}
