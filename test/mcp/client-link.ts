/** What a call has of its client: a signal that nobody aborts, and what a test adds. */
import type { ClientLink } from "../../src/mcp/registry.ts";

/** A link of one call. */
export function link(more: Partial<ClientLink> = {}): ClientLink {
  return { signal: new AbortController().signal, ...more };
}
