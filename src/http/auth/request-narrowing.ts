/**
 * The narrowing that a request asks for: `?tools=`, `X-MCP-Toolsets` and `X-MCP-Readonly`. It can only take tools away.
 * It is untrusted input, so its globs are restricted to a form that cannot make matching slow.
 * An empty, misspelt or malformed one is refused: a client that asks for fewer tools must not get all of them.
 */
import type { FastifyRequest } from "fastify";
import { policyProblems } from "../../catalog/create-policy.ts";
import { splitList } from "../../catalog/globs.ts";
import { createRecentCache } from "../../catalog/recent-cache.ts";
import type { Narrowing, PolicySubject, SettingNames } from "../../catalog/policy.ts";
import { readSwitch } from "../../config/kinds.ts";
import { closestName } from "../../errors/closest-name.ts";
import { oneLine } from "../../errors/foreign-text.ts";
import { misspeltNarrowing } from "./misspelt-narrowing.ts";
import { headerValues } from "./presented-token.ts";
import { HttpRefusal } from "./refusal.ts";

const SETTINGS: SettingNames = { domains: "X-MCP-Toolsets", tools: "?tools=", readOnly: "X-MCP-Readonly" };
const LENGTH_LIMIT = 4_096;
const ENTRY_LIMIT = 256;
/** At most two stars: against a name of 40 characters that is 1,600 steps; a third would multiply it by 40. */
const GLOB = /^(?=.{1,64}$)!?(?=.)[a-z0-9_?]*(\*[a-z0-9_?]*){0,2}$/;
const DOMAIN = /^[a-z0-9-]{1,40}$/;

/**
 * Reads the requested narrowing of each request. The reader throws HttpRefusal 400 where a value cannot be read, or
 * names no tool or domain of `records`.
 */
export function createRequestNarrowing(records: readonly PolicySubject[]): (request: FastifyRequest) => Narrowing {
  const domains = [...new Set(records.map(({ domain }) => domain))];
  const faults = createRecentCache<string | null>();
  const findFault = (requested: Narrowing): string | null => {
    for (const [part, list] of [
      ["tools", requested.tools],
      ["domains", requested.domains],
    ] as const) {
      // One entry at a time, so that the message names the first wrong one only.
      for (const entry of list ?? []) {
        const [fault] = policyProblems({ [part]: [entry], settings: SETTINGS }, records);
        if (fault !== undefined) return fault;
      }
    }
    return null;
  };
  return (request) => {
    const misspelt = misspeltNarrowing(request.query, request.headers);
    if (misspelt !== undefined) throw new HttpRefusal(400, misspelt);
    const requested = requestedNarrowing(request, domains);
    if (requested.tools === null && requested.domains === null) return requested;
    const fault = faults(JSON.stringify([requested.tools, requested.domains]), () => findFault(requested));
    if (fault !== null) throw new HttpRefusal(400, fault);
    return requested;
  };
}

function requestedNarrowing(
  request: FastifyRequest,
  knownDomains: readonly string[],
): Narrowing & Required<Pick<Narrowing, "tools" | "domains">> {
  const tools = readEntries(
    SETTINGS.tools,
    queryValues(request, "tools"),
    GLOB,
    () => "a tool's name, or one with at most two stars",
  );
  const domains = readEntries(
    SETTINGS.domains,
    headerValues(request, "x-mcp-toolsets"),
    DOMAIN,
    (wrong) => `a domain's name, such as ${closestName(wrong, knownDomains) ?? knownDomains.join(", ")}, or all`,
  );
  const readOnly = headerValues(request, "x-mcp-readonly").map(parseSwitch).includes(true);
  return {
    tools,
    domains: domains?.includes("all") ? null : domains,
    readOnly,
    settings: SETTINGS,
  };
}

/** What to give instead of a wrong entry; the end of a sentence "Give …". */
type Advise = (wrong: string) => string;

/** The entries of a list; null where it is not given. Throws HttpRefusal 400 for one that is too long or malformed. */
function readEntries(setting: string, values: readonly string[], form: RegExp, advise: Advise): string[] | null {
  if (values.length === 0) return null;
  const text = values.join(",");
  if (text.length > LENGTH_LIMIT) throw new HttpRefusal(400, `${setting} is longer than ${LENGTH_LIMIT} characters.`);
  const list = splitList(text);
  if (list.length > ENTRY_LIMIT) throw new HttpRefusal(400, `${setting} has more than ${ENTRY_LIMIT} entries.`);
  const wrong = list.find((entry) => !form.test(entry));
  if (wrong !== undefined) throw new HttpRefusal(400, `${setting} has "${oneLine(wrong, 60)}". Give ${advise(wrong)}.`);
  if (list.length === 0) throw new HttpRefusal(400, `${setting} is empty. Give ${advise("")}, or leave it out.`);
  return list;
}

function parseSwitch(value: string): boolean {
  const on = readSwitch(value);
  if (on === undefined)
    throw new HttpRefusal(400, `${SETTINGS.readOnly} is "${oneLine(value, 60)}". Use true or false.`);
  return on;
}

/** Every value of a query parameter; one that is no text counts as empty. */
function queryValues(request: FastifyRequest, name: string): string[] {
  const query = (request.query ?? {}) as Readonly<Record<string, unknown>>;
  if (!Object.hasOwn(query, name)) return [];
  const value = query[name];
  const values: unknown[] = Array.isArray(value) && value.length > 0 ? value : [value];
  return values.map((entry) => (typeof entry === "string" ? entry : ""));
}
