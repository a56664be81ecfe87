/** Reads that only add to an answer: without them the answer is poorer, but no failure. */
import { PortkeyMcpError } from "../errors/errors.ts";

/** What `read` gives, or `otherwise` of the failure's message. A cancelled call stays cancelled, and a defect a defect. */
export async function readOptional<T, U>(read: () => Promise<T>, otherwise: (message: string) => U): Promise<T | U> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof PortkeyMcpError) || error.code === "CANCELLED") throw error;
    return otherwise(error.message);
  }
}
