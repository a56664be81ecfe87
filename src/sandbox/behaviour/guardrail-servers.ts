/**
 * The MCP servers whose tool calls a guardrail checks: a map by server, replaced as a whole or by entry.
 */
import { setMember, setMembers } from "../../catalog/json.ts";
import { isDeepStrictEqual } from "node:util";
import { asObject, type Json } from "../json.ts";
import { takePage } from "../shapes/paging.ts";
import { createJsonView } from "../shapes/views.ts";
import { uuid } from "../state/ids.ts";
import { notFound, type Call, type Handler } from "./call.ts";

const list: Handler = (call) => {
  const guardrail = call.entity().id;
  const mappings = Object.entries(storedServers(call)).map(([server, entry]) => ({
    id: mappingId(guardrail, server),
    guardrail_id: guardrail,
    mcp_server_id: server,
    ...asObject(entry),
  }));
  return {
    page: takePage(
      call,
      mappings.map((mapping) => createJsonView(mapping.id, mapping)),
    ),
  };
};

/** Replaces the map by the sent one; an empty one clears it. */
const replace: Handler = (call) => {
  const servers = storedServers(call);
  const before = { ...servers };
  const sent = Object.entries(asObject(call.fields["mcp_servers"])).map(
    ([reference, entry]) => [findServerId(call, reference), toStoredEntry(entry)] as const,
  );
  for (const id of Object.keys(servers)) Reflect.deleteProperty(servers, id);
  setMembers(servers, Object.fromEntries(sent));
  return { one: createJsonView(call.operation.key, countChanges(before, servers)) };
};

const set: Handler = (call) => {
  const server = findServerId(call, call.values[1] ?? "");
  setMember(storedServers(call), server, toStoredEntry(call.body));
  const map_id = mappingId(call.entity().id, server);
  return { one: createJsonView(map_id, { map_id }) };
};

function storedServers(call: Call): Json {
  return call.world.store.document(`servers of guardrail ${call.entity().id}`);
}

/** An entry in the form of answers. By default it runs on input and output. */
function toStoredEntry(entry: unknown): Json {
  const { run_on = ["input", "output"], mcp_integration_capability_ids: capability_ids } = asObject(entry);
  return { run_on, ...(capability_ids !== undefined && { capability_ids }) };
}

function countChanges(before: Json, after: Json): Json {
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

function findServerId(call: Call, reference: string): string {
  const server = call.world.store.find("/mcp-servers", reference);
  if (!server) throw notFound("/mcp-servers", reference);
  return server.id;
}

/** The collections of guardrails: one edition has those of the organisation separately. */
const COLLECTIONS = ["/guardrails", "/admin/v2/guardrails"];

export const guardrailServerHandlers: Readonly<Record<string, Handler>> = Object.fromEntries(
  COLLECTIONS.flatMap((guardrails) => [
    [`GET ${guardrails}/{}/mcp-servers`, list],
    [`PUT ${guardrails}/{}/mcp-servers`, replace],
    [`PUT ${guardrails}/{}/mcp-servers/{}`, set],
  ]),
);
