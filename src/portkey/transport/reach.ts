/** Checks that Portkey can be reached, without a key: for readiness checks. */
import { guardedRequest } from "../../addresses/guarded-request.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { PORTKEY, type Product } from "../product.ts";
import type { Bases } from "../port.ts";

/** Resolves where the control plane answers with a status below 500; throws UNREACHABLE otherwise. */
export async function reachPortkey(
  { control }: Pick<Bases, "control">,
  signal: AbortSignal,
  allowPrivate = true,
  { name }: Product = PORTKEY,
): Promise<void> {
  let status: number;
  try {
    const answer = await guardedRequest(control, { method: "HEAD", signal, allowPrivate });
    answer.body.destroy();
    status = answer.status;
  } catch (cause) {
    throw new PortkeyMcpError("UNREACHABLE", `${name} cannot be reached at ${new URL(control).host}.`, {}, { cause });
  }
  if (status >= 500)
    throw new PortkeyMcpError("UNREACHABLE", `${name} answers ${status} at ${new URL(control).host}.`, { status });
}
