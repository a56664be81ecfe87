/** Reads that may fail one by one: what could not be read is told beside what could. */
import { PortkeyMcpError } from "../../errors/errors.ts";

/** Things of one kind, or one thing by its name, that could not be read. */
export interface Unread {
  readonly kind: string;
  readonly name?: string;
  readonly error: string;
}

/** The result of `read`; undefined where it failed, which `note` is told. Throws defects and CANCELLED. */
export async function readOrNote<Result>(
  { kind, name }: { readonly kind: string; readonly name?: string | undefined },
  note: (unread: Unread) => void,
  read: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof PortkeyMcpError) || error.code === "CANCELLED") throw error;
    note({ kind, ...(name !== undefined && { name }), error: error.message });
    return undefined;
  }
}
