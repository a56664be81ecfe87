/** What the reading of a policy file depends on. */
import type { EditionName } from "../../catalog/editions.ts";
import type { Policy, PolicySubject } from "../../catalog/policy.ts";
import type { KeyReference } from "./rule-keys.ts";

/** Resolves a reference to a secret; undefined where it is not set or cannot be read. */
export type ReadSecret = (reference: KeyReference) => string | undefined;

export interface PolicyFileContext {
  /** What the server's settings admit: the upper bound of every rule. */
  readonly policy: Policy;
  /** The tools, for checking the names of tools and domains. */
  readonly records: readonly PolicySubject[];
  readonly readSecret: ReadSecret;
  readonly credentials: "server" | "caller" | "policy";
  /** The edition whose credentials rules name; absent: the main one. */
  readonly edition?: EditionName | undefined;
  readonly sendsTenant?: boolean | undefined;
}
