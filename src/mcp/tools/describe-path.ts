/**
 * One part of a tool's arguments, for describe_tool with a path: a field by its dotted path, the guardrail checks by
 * id, or one check's parameters (`checks:portkey.pii`).
 */
import type { Json } from "../../catalog/json.ts";
import type { JsonSchema, ToolRecord } from "../../catalog/record.ts";
import { armsNamed, armsOf } from "./describe-arms.ts";
import { closestHint } from "../../errors/closest-name.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";

/** What a tool's parts are read from. */
export interface PathParts {
  /** The full schema of the tool's arguments. */
  readonly full: JsonSchema;
  readonly loadChecks: () => Promise<Readonly<Record<string, JsonSchema>>>;
  /** The names of the tools with guardrail checks. */
  readonly toolsWithChecks: readonly string[];
}

/** The value of `rules` in the records of tools with guardrail checks. */
export const CHECKS_RULES = "guardrail-checks";

const CHECKS = "checks";

/** The part at `path`. Throws BAD_INPUT that names the existing parts, where the tool has no such part. */
export async function describePath(record: ToolRecord, path: string, parts: PathParts): Promise<Json> {
  const [field = "", id] = path.split(":").map((part) => part.trim());
  const isForChecks = record.rules === CHECKS_RULES && field === CHECKS;
  if (isForChecks) return { name: record.name, path, ...(await describeChecks(id, await parts.loadChecks())) };
  if (id === undefined) return { name: record.name, path, schema: partAt(record, path, parts.full) };
  if (field === CHECKS) throw noPart(record, path, `checks by id are those of ${parts.toolsWithChecks.join(", ")}`);
  return { name: record.name, path, ...describeAlternative(record, path, parts.full) };
}

/** The alternative of a field with this title: `configurations:bedrock`, `auth_config:accessKey`. */
function describeAlternative(record: ToolRecord, path: string, full: JsonSchema): Json {
  const [field = "", label = ""] = path.split(":").map((part) => part.trim());
  const schema = partAt(record, field, full);
  const titles = armsOf(schema).flatMap(({ title }) => (title === undefined ? [] : [String(title)]));
  if (titles.length === 0) throw noPart(record, path, `${field} has no alternatives`);
  const named = label === "" ? [] : armsNamed(schema, label);
  if (named.length > 0) return named.length === 1 ? { schema: named[0] } : { alternatives: named };
  if (label === "") return { alternatives: titles };
  throw noPart(record, path, `its alternatives are ${titles.join("; ")}`);
}

/** All checks with the names of their parameters, where a star marks required ones; or one check in full. */
async function describeChecks(id: string | undefined, checks: Readonly<Record<string, JsonSchema>>): Promise<Json> {
  const { every = {}, ...byId } = checks;
  if (id === undefined || id === "") {
    const outlines = Object.entries(byId).map(([each, schema]) => [each, outlineOf(schema)]);
    return { checks: Object.fromEntries(outlines), every: outlineOf(every), one: "path checks:<id> shows one in full" };
  }
  const schema = Object.hasOwn(byId, id) ? byId[id] : undefined;
  if (schema === undefined) {
    const hint = closestHint(id, Object.keys(byId), "; the path checks lists all");
    throw new PortkeyMcpError("BAD_INPUT", `describe_tool: no check ${id} is known${hint}.`);
  }
  if (schema.properties === undefined) return { check: id, note: "Its parameters are not known here." };
  return { check: id, parameters: { ...schema, properties: { ...schema.properties, ...every.properties } } };
}

function outlineOf({ properties, required = [] }: JsonSchema): string {
  if (properties === undefined) return "not known here";
  return Object.keys(properties)
    .map((name) => (required.includes(name) ? `${name}*` : name))
    .join(", ");
}

function partAt(record: ToolRecord, path: string, full: JsonSchema): JsonSchema {
  return path.split(".").reduce<JsonSchema>((schema, step) => {
    const name = step.replace(/\[\d*\]$/, "");
    const properties = membersOf(schema);
    const inner = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (inner !== undefined) return inner;
    throw noPart(
      record,
      path,
      `there is ${Object.keys(properties).join(", ") || "nothing"} where ${name} is looked for`,
    );
  }, full);
}

/** The fields of an object, or of a list's objects, in any of their alternatives. */
function membersOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const alternatives = [schema["oneOf"], schema["anyOf"]].flatMap((each) => (each ?? []) as readonly JsonSchema[]);
  const inner = [...alternatives, ...(schema.items === undefined ? [] : [schema.items])];
  return inner.reduce<Readonly<Record<string, JsonSchema>>>(
    (members, each) => ({ ...membersOf(each), ...members }),
    schema.properties ?? {},
  );
}

function noPart({ name }: ToolRecord, path: string, why: string): PortkeyMcpError {
  return new PortkeyMcpError("BAD_INPUT", `describe_tool: ${name} has no part ${path}: ${why}.`);
}
