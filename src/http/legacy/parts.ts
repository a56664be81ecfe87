/** What the handlers of POST, GET and DELETE share. */
import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { createRecentCache } from "../../catalog/recent-cache.ts";
import { RPC } from "../../mcp/rpc-error.ts";
import type { Caller, Registry } from "../../mcp/registry.ts";
import type { InstanceBus } from "../redis/instance-bus.ts";
import type { DeclaredServers } from "./servers/declared-servers.ts";
import type { RequestStreams } from "./request-streams.ts";
import type { LegacyMessage } from "./legacy-message.ts";
import { LegacyRefusal, sessionNotFound, storeUnavailable } from "./legacy-refusal.ts";
import type { Resumption } from "./resumption.ts";
import type { Session, Sessions } from "./sessions/session.ts";
import type { OpenStreams } from "./sse-stream.ts";
import type { StandaloneStreams } from "./standalone-streams.ts";

export interface EndpointParts {
  readonly registry: Registry;
  readonly servers: DeclaredServers;
  readonly requestStreams: RequestStreams;
  readonly streams: OpenStreams;
  readonly standalone: StandaloneStreams;
  /** Absent where no events are kept. */
  readonly resumption: Resumption | undefined;
  /** Absent where there are no sessions. */
  readonly sessions: Sessions | undefined;
  readonly instanceBus: InstanceBus<LegacyMessage>;
  /** The name of this instance. */
  readonly self: string;
  /** Ends what a session has open, on all instances. */
  readonly endEverywhere: (sessionId: string) => void;
}

/** What a caller's sessions and streams are bound to. */
export function bindingOf({ binding, principal }: Caller): string {
  return binding ?? principal;
}

const scopes = createRecentCache<string>();

/** The scope of requests without a session: a digest of the caller's binding. */
export function scopeWithoutSession(caller: Caller): string {
  const binding = bindingOf(caller);
  return scopes(binding, () => `caller-${createHash("sha256").update(binding).digest("base64url").slice(0, 22)}`);
}

export const SESSION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The caller's session that a request names. Throws LegacyRefusal: 400 where it names none, 404 where there is no such
 * session or it is another caller's, 503 while Redis is away.
 */
export async function requireSession(
  sessions: Sessions,
  { headers }: FastifyRequest,
  caller: Caller,
): Promise<Session> {
  const id = headers["mcp-session-id"];
  if (id === undefined || id === "")
    throw new LegacyRefusal(
      400,
      RPC.server,
      "Mcp-Session-Id is missing. Start a session with initialize and send its id with every request.",
    );
  if (typeof id !== "string" || !SESSION_ID.test(id)) throw sessionNotFound();
  const session = await sessions.find(id, bindingOf(caller));
  if (session === "unknown") throw storeUnavailable("This session");
  if (session === "none") throw sessionNotFound();
  return session;
}
