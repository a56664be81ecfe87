/** Small records and a Portkey client for tests; what a test does not name is a plain read. */
import type { Argument, Place, ToolRecord } from "../../src/catalog/record.ts";
import { createPortkey, type PortkeyOptions } from "../../src/portkey/create.ts";
import type { CallContext } from "../../src/portkey/port.ts";
import type { Clock } from "../../src/portkey/transport/retry.ts";

/** A record with changes. */
export function record(over: Partial<ToolRecord> = {}): ToolRecord {
  return {
    name: "get_thing",
    title: "Get thing",
    description: "Read a thing.",
    domain: "things",
    risk: "read",
    idempotent: true,
    source: "spec",
    aliases: [],
    keywords: [],
    scopes: "",
    key: "any",
    reach: "workspace",
    method: "GET",
    path: "/things",
    base: "control",
    arguments: [],
    body: "none",
    ...over,
  };
}

/** `"prompt_id=promptId!"`: the argument's name, Portkey's where it differs, `!` where it is required. */
export function args(place: Place, ...texts: string[]): Argument[] {
  return texts.map((text) => {
    const [name = "", api = name] = text.replace("!", "").split("=");
    return { name, api, place, required: text.endsWith("!") };
  });
}

export const LIST = record({
  name: "list_things",
  arguments: args("query", "search", "current_page", "page_size"),
  paging: { style: "page", page: "current_page", size: "page_size", first: 0 },
});

export const CREATE = record({
  name: "create_thing",
  method: "POST",
  risk: "create",
  idempotent: false,
  arguments: args("body", "name!", "config", "key", "note"),
  body: "fields",
  bodyRequired: true,
});

export const UPDATE = record({
  name: "update_thing",
  method: "PUT",
  path: "/things/{thingId}",
  risk: "update",
  arguments: [...args("path", "thing_id=thingId!"), ...args("body", "name", "config")],
  body: "fields",
  bodyRequired: true,
});

export const KEY = "pk-workspace-0123456789";

/** The context of one call, with the workspace key above. */
export function context(over: Partial<CallContext> = {}): CallContext {
  return { credentials: { workspaceKey: KEY }, signal: new AbortController().signal, ...over };
}

/** A clock that never waits and remembers how long it was asked to; chance always falls on the longest backoff. */
export function fastClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: Date.now,
    random: () => 1,
    async sleep(ms, signal) {
      signal.throwIfAborted();
      slept.push(ms);
    },
  };
}

/** A client of a server at this origin that never waits between attempts. */
export function portkeyAt(origin: string, over: Partial<PortkeyOptions> = {}) {
  const base = `${origin}/v1`;
  return createPortkey({
    bases: { control: base, gateway: base, public: origin, registry: origin },
    timeoutMs: 5_000,
    maxRetries: 2,
    clock: fastClock(),
    ...over,
  });
}
