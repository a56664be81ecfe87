/** What the headers of a legacy request must say, before its message is looked at. */
import { SUPPORTED_PROTOCOL_VERSIONS } from "@modelcontextprotocol/sdk/types.js";
import type { FastifyRequest } from "fastify";
import { keepRecent } from "../../catalog/keep-recent.ts";
import { RPC } from "../../mcp/rpc-error.ts";
import { LegacyRefusal } from "./legacy-refusal.ts";

/** The revision of a client that does not say which. */
const UNNAMED_REVISION = "2025-03-26";
/** The first whose clients can take an event without data. */
const PRIMED_REVISION = "2025-11-25";

/**
 * Throws LegacyRefusal 406 where the client says that it would not take what this server may answer with. A client that
 * says nothing takes anything, and a range stands for all that is in it.
 */
export function checkAccept({ headers }: FastifyRequest, needed: readonly string[]): void {
  const { accept = "" } = headers;
  if (accept.trim() === "") return;
  const listed = listedTypes(accept, () => typesIn(accept));
  const taken = (type: string) => rangesOf(type).some((range) => listed.includes(range));
  if (needed.every(taken)) return;
  throw new LegacyRefusal(406, RPC.server, `Accept must list ${needed.join(" and ")}.`);
}

/** Clients send the same with every request. Few are kept: a header may be long. */
const listedTypes = keepRecent<readonly string[]>(8);

/** The types and ranges that a header lists, in lower case; what it excludes is left out. */
function typesIn(accept: string): string[] {
  return accept.split(",").flatMap((entry) => {
    const [type = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    return parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) ? [] : [type];
  });
}

function rangesOf(type: string): string[] {
  return [type, `${type.slice(0, type.indexOf("/"))}/*`, "*/*"];
}

/**
 * The revision a request names, or the one its session agreed on. Throws LegacyRefusal 400 for one that is not served.
 */
export function revisionOf({ headers }: FastifyRequest, agreed: string | undefined): string {
  const named = headers["mcp-protocol-version"];
  if (named === undefined) return agreed ?? UNNAMED_REVISION;
  if (typeof named === "string" && SUPPORTED_PROTOCOL_VERSIONS.includes(named)) return named;
  throw new LegacyRefusal(
    400,
    RPC.server,
    `MCP-Protocol-Version is not supported. This server speaks ${SUPPORTED_PROTOCOL_VERSIONS.join(", ")}.`,
  );
}

export function takesPriming(revision: string): boolean {
  return revision >= PRIMED_REVISION;
}
