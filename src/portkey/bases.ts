import type { BaseName } from "../catalog/record.ts";
import type { Bases } from "./port.ts";

/** The address of a base. Throws where the configuration has none, which only a broken build can cause. */
export function baseAddress(bases: Bases, base: BaseName): string {
  const address = bases[base];
  if (address === undefined) throw new Error(`This configuration has no address for ${base}.`);
  return address;
}
