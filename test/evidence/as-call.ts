/** A request as the call that must become it: the tool by method and path, the arguments by inverse binding. */
import type { ToolRecord } from "../../src/catalog/record.ts";
import manifest from "../../generated/portkey/manifest.json" with { type: "json" };
import type { Row } from "./rows.ts";

type Json = Readonly<Record<string, unknown>>;

const records = manifest as unknown as readonly ToolRecord[];

export interface Request {
  readonly method: string;
  /** Decoded, without the base's own path. */
  readonly path: string;
  readonly query: Json;
  readonly body: unknown;
}

/** A call, and the request that it must become. */
export interface EvidenceCall {
  readonly tool: string;
  readonly args: Json;
  readonly want: Request;
}

/** undefined where no tool makes the row's request. */
export function callOf(row: Partial<Row>): EvidenceCall | undefined {
  if (row.config !== undefined) return callOfArguments("create_config", { name: "c", config: row.config });
  if (row.check !== undefined)
    return callOfArguments("create_guardrail", { name: "g", checks: [row.check], actions: { deny: true } });
  if (row.tool !== undefined) return callOfArguments(row.tool, row.args ?? {});
  return callOfRequest({
    method: row.method ?? "GET",
    path: row.path ?? "/",
    query: row.query ?? {},
    body: row.body,
  });
}

function callOfRequest(want: Request): EvidenceCall | undefined {
  const fitting = records
    .filter(({ method, path }) => method === want.method && path !== undefined)
    .map((record) => ({ record, ids: idsIn(record.path as string, want.path) }))
    .filter((match) => match.ids !== undefined)
    // A literal segment beats a parameter.
    .sort((one, other) => Object.keys(one.ids ?? {}).length - Object.keys(other.ids ?? {}).length);
  const [match] = fitting;
  if (match === undefined) return undefined;
  const { record, ids = {} } = match;
  const names = new Map(record.arguments.filter(({ place }) => place === "path").map(({ api, name }) => [api, name]));
  const pathArguments = Object.fromEntries(Object.entries(ids).map(([api, id]) => [names.get(api) ?? api, id]));
  return { tool: record.name, args: { ...pathArguments, ...want.query, ...bodyArguments(record, want.body) }, want };
}

function bodyArguments(record: ToolRecord, body: unknown): Json {
  if (body === undefined) return {};
  if (Array.isArray(body)) return { entries: body };
  return record.body === "whole" ? { body } : (body as Json);
}

/** Portkey's names of the path's parameters, with what stands for them. */
function idsIn(template: string, path: string): Record<string, string> | undefined {
  const names = template.split("/");
  const segments = path.split("/");
  if (names.length !== segments.length) return undefined;
  const ids: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const segment = segments[index] ?? "";
    if (name.startsWith("{")) ids[name.slice(1, -1)] = decodeURIComponent(segment);
    else if (name !== segment) return undefined;
  }
  return ids;
}

function callOfArguments(tool: string, args: Json): EvidenceCall | undefined {
  const record = records.find(({ name }) => name === tool);
  if (record?.method === undefined || record.path === undefined) return undefined;
  const places = new Map(record.arguments.map((argument) => [argument.name, argument]));
  const rest = record.method === "GET" || record.method === "DELETE" ? "query" : "body";
  const given = (wanted: string) =>
    Object.entries(args).filter(([name]) => (places.get(name)?.place ?? rest) === wanted);
  const path = given("path").reduce(
    (filled, [name, value]) => filled.replace(`{${places.get(name)?.api}}`, String(value)),
    record.path,
  );
  const body = Object.fromEntries(given("body"));
  return {
    tool,
    args,
    want: {
      method: record.method,
      path,
      query: Object.fromEntries(given("query")),
      body: Object.keys(body).length === 0 && record.bodyRequired !== true ? undefined : body,
    },
  };
}
