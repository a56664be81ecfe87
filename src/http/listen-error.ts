/** Explains why the server cannot listen at an address, and names the settings of the address. */
import { PortkeyMcpError } from "../errors/errors.ts";

const REASONS: ReadonlyMap<string, string> = new Map([
  ["EADDRINUSE", "is in use by another process"],
  ["EADDRNOTAVAIL", "is no address of this machine"],
  ["EACCES", "needs more rights than this process has"],
  ["EINVAL", "is no address that can be listened at"],
  ["EAI_AGAIN", "is no host that is known here"],
  ["ENOTFOUND", "is no host that is known here"],
]);

/** A CONFIG error where a setting is at fault; otherwise the error as it is. `names` are the settings' names. */
export function toListenError(error: unknown, names: string, { host, port }: { host: string; port: number }): unknown {
  const reason = REASONS.get((error as NodeJS.ErrnoException).code ?? "");
  if (reason === undefined) return error;
  const address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return new PortkeyMcpError("CONFIG", `${names}: ${address} ${reason}.`, {}, { cause: error });
}
