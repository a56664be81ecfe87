/** What a policy file is read against. */
import type { EditionName } from "../../catalog/editions.ts";
import type { Policy, PolicySubject } from "../../catalog/policy.ts";
import type { KeyReference } from "./rule-keys.ts";

/** The value behind a reference to a secret; undefined where it is not set or cannot be read. */
export type ReadSecret = (reference: KeyReference) => string | undefined;

export interface PolicyFileContext {
  /** The server's upper bound. */
  readonly policy: Policy;
  /** What domains and tool names are checked against. */
  readonly records: readonly PolicySubject[];
  readonly readSecret: ReadSecret;
  readonly credentials: "server" | "caller" | "policy";
  /** The edition whose credentials rules name; absent: the main one. */
  readonly edition?: EditionName | undefined;
  readonly sendsTenant?: boolean | undefined;
}
