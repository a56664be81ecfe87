/** Progress as both eras send it. MCP asks that it only grows: a step that does not is left out. */
import type { ClientLink } from "./registry.ts";

/** The parameters of one `notifications/progress`. */
export interface ProgressParams {
  readonly progressToken: string | number;
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

export function progressOf(
  progressToken: string | number,
  send: (params: { -readonly [K in keyof ProgressParams]: ProgressParams[K] }) => void,
): NonNullable<ClientLink["progress"]> {
  let last = -Infinity;
  return (progress, total, message) => {
    if (progress <= last) return;
    last = progress;
    send({ progressToken, progress, ...(total !== undefined && { total }), ...(message !== undefined && { message }) });
  };
}
