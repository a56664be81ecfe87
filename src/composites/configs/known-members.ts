/** Finds unknown members of a config, and suggests the one that was probably meant. */
import { ownMember } from "../../catalog/json.ts";
import type { JsonSchema } from "../../catalog/record.ts";
import { clip } from "../../errors/clip.ts";
import { closestName } from "../../errors/closest-name.ts";
import type { Problem } from "../../portkey/request/problem.ts";
import type { Part, PartKind } from "./config-parts.ts";
import { RARE_SETTINGS, SYNONYMS } from "./gateway-names.ts";

type Schemas = Readonly<Record<string, JsonSchema>>;
type Members = Readonly<Record<PartKind, readonly string[]>>;

/** Known members beside the schema's: rare ones, and documented ones that the gateway ignores. */
const BESIDE: Readonly<Partial<Record<PartKind, readonly string[]>>> = {
  target: RARE_SETTINGS,
  retry: ["delay"],
  hook: ["guardrail_version_id", "is_enabled", "name"],
};

/** Yields a warning for each unknown member; `schemas` are those of the edition's tools. */
export function* unknownMembers(parts: readonly Part[], schemas: Schemas): Generator<Problem> {
  const members = knownMembers(schemas);
  for (const part of parts) {
    for (const name of Object.keys(part.value)) {
      if (members[part.kind].includes(name)) continue;
      const text = `is no member of a config that is known${suggestMember(name, part, members)}`;
      yield { path: `${part.path}.${clip(name)}`, text };
    }
  }
}

function suggestMember(name: string, { kind }: Part, members: Members): string {
  const here = members[kind];
  const synonym = ownMember(SYNONYMS, name);
  if (synonym !== undefined && here.includes(synonym.split(".")[0] as string)) return `; did you mean ${synonym}?`;
  const home = (["strategy", "cache", "retry", "target"] as const).find((other) => members[other].includes(name));
  if (home !== undefined && home !== kind) return `here; it belongs into ${home === "target" ? "the target" : home}`;
  const closest = closestName(name, here);
  return closest === undefined ? "; the schema of create_config has all" : `; did you mean ${closest}?`;
}

/** A cache by the schemas object, of which an edition has one. */
const membersBySchemas = new WeakMap<Schemas, Members>();

function knownMembers(schemas: Schemas): Members {
  const members = membersBySchemas.get(schemas) ?? readMembers(schemas);
  membersBySchemas.set(schemas, members);
  return members;
}

/** The members of each kind of part, by the schema of create_config. */
function readMembers(schemas: Schemas): Members {
  const target = schemas["create_config"]?.properties?.["config"] ?? {};
  const at = (...names: readonly string[]) => names.reduce(memberSchema, target);
  const schemaOf: Readonly<Record<PartKind, JsonSchema>> = {
    target,
    strategy: at("strategy"),
    condition: at("strategy", "conditions"),
    sticky: at("strategy", "sticky"),
    breaker: at("cb_config"),
    cache: at("cache"),
    retry: at("retry"),
    hook: at("before_request_hooks"),
  };
  const names = Object.entries(schemaOf).map(([kind, schema]) => [
    kind,
    [...Object.keys(schema.properties ?? {}), ...(BESIDE[kind as PartKind] ?? [])],
  ]);
  return Object.fromEntries(names) as Members;
}

function memberSchema(schema: JsonSchema, name: string): JsonSchema {
  const member = schema.properties?.[name] ?? {};
  return member.items ?? member;
}
