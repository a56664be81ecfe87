/**
 * A DNS lookup for connections that refuses names with special addresses. The check is part of connecting, so that a
 * name cannot change its address between check and connection (DNS rebinding).
 */
import { lookup as lookupName, type LookupAddress, type LookupAllOptions } from "node:dns";
import type { LookupFunction } from "node:net";
import { isPrivateHost, isSpecialAddress } from "./special-addresses.ts";

/** The `code` of the refusal, as network errors have one. */
export const PRIVATE_ADDRESS = "PRIVATE_ADDRESS";

/** A host that must not be reached, because of its name or an address of it. */
export class PrivateAddress extends Error {
  override readonly name = "PrivateAddress";
  readonly code = PRIVATE_ADDRESS;

  constructor(host: string, address?: string) {
    const leads = address === undefined ? "is" : `leads to ${address},`;
    super(`${host} ${leads} a private or special address`);
  }
}

/** Finds all addresses of a name; Node's own, except in tests. */
export type FindAddresses = (
  hostname: string,
  options: LookupAllOptions,
  found: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** A lookup for `net.connect`, which refuses a name where any of its addresses is special. */
export function createGuardedLookup(find: FindAddresses = lookupName): LookupFunction {
  return (hostname, options, callback) => {
    find(hostname, { ...options, all: true }, (error, addresses) => {
      const refused = error ?? refusalOf(hostname, addresses);
      const [first] = addresses ?? [];
      if (refused !== null || first === undefined) return callback(refused ?? new PrivateAddress(hostname), "", 4);
      if (options.all === true) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}

function refusalOf(hostname: string, addresses: readonly LookupAddress[]): Error | null {
  const special = addresses.find(({ address }) => isSpecialAddress(address));
  return special === undefined ? null : new PrivateAddress(hostname, special.address);
}

/** Throws PrivateAddress for a host that cannot be public. Needed besides the lookup, which addresses do not pass. */
export function refusePrivateHost({ hostname }: URL): void {
  if (isPrivateHost(hostname)) throw new PrivateAddress(hostname);
}
