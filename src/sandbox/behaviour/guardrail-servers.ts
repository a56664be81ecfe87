/**
 * Which MCP servers' tool calls a guardrail checks: a map by server, replaced whole or one entry at a time.
 */
import { setMember, setMembers } from "../../catalog/json.ts";
import { isDeepStrictEqual } from "node:util";
import { objectOf, type Json } from "../json.ts";
import { pageOf } from "../shapes/paging.ts";
import { viewOfJson } from "../shapes/views.ts";
import { uuid } from "../state/ids.ts";
import { notFound, type Call, type Handler } from "./call.ts";

const list: Handler = (call) => {
  const guardrail = call.entity().id;
  const mappings = Object.entries(serversOf(call)).map(([server, entry]) => ({
    id: mappingId(guardrail, server),
    guardrail_id: guardrail,
    mcp_server_id: server,
    ...objectOf(entry),
  }));
  return {
    page: pageOf(
      call,
      mappings.map((mapping) => viewOfJson(mapping.id, mapping)),
    ),
  };
};

/** The map as sent is the map from now on; an empty one clears it. */
const replace: Handler = (call) => {
  const servers = serversOf(call);
  const before = { ...servers };
  const sent = Object.entries(objectOf(call.fields["mcp_servers"])).map(
    ([reference, entry]) => [knownServer(call, reference), kept(entry)] as const,
  );
  for (const id of Object.keys(servers)) Reflect.deleteProperty(servers, id);
  setMembers(servers, Object.fromEntries(sent));
  return { one: viewOfJson(call.operation.key, changesBetween(before, servers)) };
};

const set: Handler = (call) => {
  const server = knownServer(call, call.values[1] ?? "");
  setMember(serversOf(call), server, kept(call.body));
  const map_id = mappingId(call.entity().id, server);
  return { one: viewOfJson(map_id, { map_id }) };
};

function serversOf(call: Call): Json {
  return call.world.store.document(`servers of guardrail ${call.entity().id}`);
}

/** An entry as answers have it. It runs on both sides unless it says otherwise. */
function kept(entry: unknown): Json {
  const { run_on = ["input", "output"], mcp_integration_capability_ids: capability_ids } = objectOf(entry);
  return { run_on, ...(capability_ids !== undefined && { capability_ids }) };
}

function changesBetween(before: Json, after: Json): Json {
  const added = Object.keys(after).filter((id) => !Object.hasOwn(before, id)).length;
  const removed = Object.keys(before).filter((id) => !Object.hasOwn(after, id)).length;
  const updated = Object.keys(after).filter(
    (id) => Object.hasOwn(before, id) && !isDeepStrictEqual(before[id], after[id]),
  ).length;
  return { changed: added + removed + updated > 0, added, updated, removed };
}

function mappingId(guardrail: string, server: string): string {
  return uuid(`${guardrail}:${server}`);
}

function knownServer(call: Call, reference: string): string {
  const server = call.world.store.find("/mcp-servers", reference);
  if (!server) throw notFound("/mcp-servers", reference);
  return server.id;
}

/** Guardrails of a workspace, and of the organisation where an edition has them apart. */
const COLLECTIONS = ["/guardrails", "/admin/v2/guardrails"];

export const guardrailServerHandlers: Readonly<Record<string, Handler>> = Object.fromEntries(
  COLLECTIONS.flatMap((guardrails) => [
    [`GET ${guardrails}/{}/mcp-servers`, list],
    [`PUT ${guardrails}/{}/mcp-servers`, replace],
    [`PUT ${guardrails}/{}/mcp-servers/{}`, set],
  ]),
);
