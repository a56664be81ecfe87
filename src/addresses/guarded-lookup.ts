/**
 * Looks a name up as every connection does, and refuses it where it leads to a special address: at the moment of
 * connecting, so that a name that changes its address in between (DNS rebinding) leads nowhere else.
 */
import { lookup as lookupName, type LookupAddress, type LookupAllOptions } from "node:dns";
import type { LookupFunction } from "node:net";
import { isPrivateHost, isSpecialAddress } from "./special-addresses.ts";

/** The `code` of the refusal, as network errors have one. */
export const PRIVATE_ADDRESS = "PRIVATE_ADDRESS";

/** A host that must not be reached: by its name, or by what the name leads to. */
export class PrivateAddress extends Error {
  override readonly name = "PrivateAddress";
  readonly code = PRIVATE_ADDRESS;

  constructor(host: string, address?: string) {
    const leads = address === undefined ? "is" : `leads to ${address},`;
    super(`${host} ${leads} a private or special address`);
  }
}

/** Finds all addresses of a name; Node's own, but for tests. */
export type FindAddresses = (
  hostname: string,
  options: LookupAllOptions,
  found: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** A lookup for `net.connect`: one special address among those found refuses the name. */
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

/** Throws PrivateAddress where the host itself cannot be public. Hosts that are addresses are never looked up. */
export function refusePrivateHost({ hostname }: URL): void {
  if (isPrivateHost(hostname)) throw new PrivateAddress(hostname);
}
