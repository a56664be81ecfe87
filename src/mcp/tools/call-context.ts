/** The context of a call's requests to Portkey: the caller's keys, what they may be used for, and the abort signal. */
import { adminKeyRefusal } from "../../catalog/admin-key.ts";
import { decideInside } from "../../catalog/decide.ts";
import type { CallContext } from "../../portkey/port.ts";
import type { Caller, ClientLink } from "../registry.ts";

export function createCallContext(
  caller: Caller,
  { signal, progress, span }: ClientLink,
  onKey?: CallContext["onKey"],
): CallContext {
  const { credentials, policy, principal, binding = principal } = caller;
  return {
    credentials,
    signal,
    caller: binding,
    mayRead: (record) => decideInside(policy, record).allowed,
    adminKeyRefusal: (record) => adminKeyRefusal(policy, record),
    ...(progress !== undefined && { progress }),
    ...(onKey !== undefined && { onKey }),
    ...(span !== undefined && { watch: span }),
  };
}
