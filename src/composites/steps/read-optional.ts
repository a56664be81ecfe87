/** Reads optional parts of a result: where such a read fails, the call still succeeds. */
import { PortkeyMcpError } from "../../errors/errors.ts";

/**
 * The result of `read`, or that of `otherwise`, which gets the message of the failure.
 * A cancellation, and any error that is no PortkeyMcpError, is rethrown.
 */
export async function readOptional<T, U>(read: () => Promise<T>, otherwise: (message: string) => U): Promise<T | U> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof PortkeyMcpError) || error.code === "CANCELLED") throw error;
    return otherwise(error.message);
  }
}
