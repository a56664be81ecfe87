/**
 * Authentication whose tokens, rules and keys can be replaced while the server runs. Each request uses the state at its
 * arrival. The bindings of sessions and the issuer's cached keys are kept.
 */
import type { HttpConfig } from "../../config/http-config.ts";
import type { Credentials } from "../../portkey/port.ts";
import { createBindings } from "./bindings.ts";
import type { AuthOptions } from "../auth/auth-options.ts";
import { createAuth, type Auth } from "../auth/create-auth.ts";

export interface RenewableAuth extends Auth {
  /** Checks and creates the next state, which `use` activates. Throws CONFIG. */
  prepare(config: HttpConfig, credentials: Credentials): { readonly use: () => void };
}

/** Throws CONFIG as `createAuth` does. */
export function createRenewableAuth(options: AuthOptions): RenewableAuth {
  const kept = { ...options, bindings: createBindings(options.config, options.credentials), issuerKeys: new Map() };
  let current = createAuth(kept);
  return {
    authenticate: (request) => current.authenticate(request),
    identify: (request) => current.identify(request),
    requireScopes: (caller, records, request) => current.requireScopes(caller, records, request),
    registerMetadata: (app) => current.registerMetadata(app),
    get scopes() {
      return current.scopes;
    },
    prepare(config, credentials) {
      const next = createAuth({ ...kept, config, credentials });
      return { use: () => void (current = next) };
    },
  };
}
