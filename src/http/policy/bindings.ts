/**
 * What a caller's sessions and streams are bound to: its principal and its Portkey keys.
 * Keys that the server's settings name may be rotated while sessions are open. So the binding uses the keys of their
 * first call, not the current ones.
 */
import type { HttpConfig } from "../../config/http-config.ts";
import type { Credentials } from "../../portkey/port.ts";
import type { Principal } from "../auth/principal.ts";
import { createFingerprints, type Fingerprints } from "./credentials.ts";
import type { PolicyRule } from "./policy-file.ts";

export interface Bindings extends Pick<Fingerprints, "keyNameOf"> {
  readonly of: (identity: Principal, credentials: Credentials, rule: PolicyRule | undefined) => string;
}

/** Create it once per process: it remembers the first keys. */
export function createBindings(
  config: Pick<HttpConfig, "auth" | "credentials" | "eventStore">,
  server: Credentials,
): Bindings {
  const { bindingOf, keyNameOf } = createFingerprints(config, server);
  const firsts = new Map<string, Credentials>();
  const firstOf = (rule: PolicyRule | undefined, credentials: Credentials): Credentials => {
    const name = config.credentials === "policy" ? `rule ${rule?.name}` : "server";
    const first = firsts.get(name) ?? credentials;
    firsts.set(name, first);
    return first;
  };
  return {
    keyNameOf,
    of: (identity, credentials, rule) =>
      bindingOf(identity, config.credentials === "caller" ? credentials : firstOf(rule, credentials)),
  };
}
