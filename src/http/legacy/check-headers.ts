/** Checks the headers of a legacy request before its message is parsed. */
import { SUPPORTED_PROTOCOL_VERSIONS } from "@modelcontextprotocol/sdk/types.js";
import type { FastifyRequest } from "fastify";
import { createRecentCache } from "../../catalog/recent-cache.ts";
import { RPC } from "../../mcp/rpc-error.ts";
import { LegacyRefusal } from "./legacy-refusal.ts";

/** The revision to assume of a request without MCP-Protocol-Version, as MCP's transports say. */
const DEFAULT_REVISION = "2025-03-26";
/** The first revision whose clients accept a priming event, which has an id and no data. */
const FIRST_PRIMED_REVISION = "2025-11-25";

/**
 * Throws LegacyRefusal 406 where Accept does not list one of the `needed` media types.
 * A range, such as `text/*`, lists every type in it; a missing or empty header lists everything.
 */
export function checkAccept({ headers }: FastifyRequest, needed: readonly string[]): void {
  const { accept = "" } = headers;
  if (accept.trim() === "") return;
  const listed = listedTypes(accept, () => typesIn(accept));
  const isAccepted = (type: string) => rangesWith(type).some((range) => listed.includes(range));
  if (needed.every(isAccepted)) return;
  throw new LegacyRefusal(406, RPC.server, `Accept must list ${needed.join(" and ")}.`);
}

/** Caches parsed headers, since a client sends the same one with every request. Only a few: a header may be long. */
const listedTypes = createRecentCache<readonly string[]>(8);

/** The types and ranges that an Accept header lists, in lower case, without those it excludes by `q=0`. */
function typesIn(accept: string): string[] {
  return accept.split(",").flatMap((entry) => {
    const [type = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    return parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) ? [] : [type];
  });
}

/** A media type and the ranges that include it. */
function rangesWith(type: string): string[] {
  return [type, `${type.slice(0, type.indexOf("/"))}/*`, "*/*"];
}

/**
 * The revision that a request names, or the one that its session negotiated.
 * Throws LegacyRefusal 400 for a revision that this server does not support.
 */
export function requestRevision({ headers }: FastifyRequest, negotiated: string | undefined): string {
  const named = headers["mcp-protocol-version"];
  if (named === undefined) return negotiated ?? DEFAULT_REVISION;
  if (typeof named === "string" && SUPPORTED_PROTOCOL_VERSIONS.includes(named)) return named;
  throw new LegacyRefusal(
    400,
    RPC.server,
    `MCP-Protocol-Version is not supported. This server speaks ${SUPPORTED_PROTOCOL_VERSIONS.join(", ")}.`,
  );
}

/** Whether clients of a revision accept a priming event. */
export function acceptsPriming(revision: string): boolean {
  return revision >= FIRST_PRIMED_REVISION;
}
