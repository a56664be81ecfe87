/** Reads that only add to an answer: where one fails, the answer lacks its part and the call still succeeds. */
import { PortkeyMcpError } from "../../errors/errors.ts";

/**
 * The result of `read`, or `otherwise` with the message of its failure.
 * The cancellation of the call, and any error that is no PortkeyMcpError, are thrown on.
 */
export async function readOptional<T, U>(read: () => Promise<T>, otherwise: (message: string) => U): Promise<T | U> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof PortkeyMcpError) || error.code === "CANCELLED") throw error;
    return otherwise(error.message);
  }
}
