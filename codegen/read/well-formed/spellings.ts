/**
 * Converts schemas from OpenAPI 3.1 and JSON Schema to the spellings of 3.0, the only version that the generators read.
 * Restrictions that 3.0 cannot express are dropped.
 * https://learn.openapis.org/upgrading/v3.0-to-v3.1.html
 */
import { isObject } from "../objects.ts";

type Node = Record<string, unknown>;

/** The version of a document after the conversion. */
export function versionOf(openapi: string): string {
  return openapi.startsWith("3.0") ? openapi : "3.0.3";
}

/** A converted copy of one schema, without its subschemas. Members of the wrong kind stay unchanged. */
export function respell(schema: Node): Node {
  return [conditions, typeLists, constants, nullArms, bounds, tuples, patternedMembers, nullableValues].reduce(
    (node, step) => step(node),
    schema,
  );
}

/** Conditions (`if`, `dependentSchemas`) become unions: both variants are accepted, and their fields are known. */
function conditions({ if: condition, then: met, else: unmet, dependentSchemas, ...rest }: Node): Node {
  const depending = isObject(dependentSchemas) ? Object.entries(dependentSchemas) : [];
  const choices = [
    ...(condition !== undefined && (met ?? unmet) !== undefined
      ? [[{ allOf: [condition, met ?? {}] }, unmet ?? {}]]
      : []),
    ...depending.map(([name, schema]) => [{ allOf: [{ required: [name] }, schema] }, {}]),
  ];
  if (choices.length === 0) return rest;
  const [first, ...others] = choices.map((anyOf) => ({ anyOf }));
  if (others.length === 0 && !("anyOf" in rest) && !("oneOf" in rest)) return { ...rest, ...first };
  const all = Array.isArray(rest["allOf"]) ? (rest["allOf"] as unknown[]) : [];
  return { ...rest, allOf: [...all, first, ...others] };
}

/** `type: [string, "null"]` of 3.1 becomes `nullable`. Several other types become variants. */
function typeLists(schema: Node): Node {
  const { type, ...rest } = schema;
  if (type === "null") return { ...rest, nullable: true };
  if (!Array.isArray(type)) return schema;
  const named: unknown[] = type.filter((each) => each !== "null");
  const nullable = named.length < type.length && { nullable: true };
  if (named.length === 1) return { ...rest, ...nullable, type: named[0] };
  return { ...rest, ...nullable, anyOf: named.map((each) => ({ type: each })) };
}

function constants({ const: constant, ...rest }: Node): Node {
  return constant === undefined || "enum" in rest ? rest : { ...rest, enum: [constant] };
}

const isNull = (arm: unknown) => isObject(arm) && (arm["type"] === "null" || arm["const"] === null);

/** A variant of type null becomes `nullable`. If a single variant remains, the union is dropped. */
function nullArms(schema: Node): Node {
  const keyword = (["anyOf", "oneOf"] as const).find((name) => {
    const arms = schema[name];
    return Array.isArray(arms) && arms.some(isNull);
  });
  if (keyword === undefined) return schema;
  const { [keyword]: arms, ...rest } = schema;
  const others = (arms as unknown[]).filter((arm) => !isNull(arm));
  if (others.length !== 1) return { ...rest, nullable: true, ...(others.length > 0 && { [keyword]: others }) };
  const [only] = others;
  const all = Array.isArray(rest["allOf"]) ? (rest["allOf"] as unknown[]) : [];
  return { ...rest, nullable: true, allOf: [...all, only] };
}

/** `exclusiveMinimum: 0` becomes `minimum: 0, exclusiveMinimum: true`. */
function bounds(schema: Node): Node {
  let node = schema;
  for (const [exclusive, plain, stricter] of [
    ["exclusiveMinimum", "minimum", Math.max],
    ["exclusiveMaximum", "maximum", Math.min],
  ] as const) {
    const [bound, other] = [node[exclusive], node[plain]];
    if (typeof bound !== "number") continue;
    const { [exclusive]: _, ...rest } = node;
    const isStricter = typeof other !== "number" || stricter(bound, other) === bound;
    node = isStricter ? { ...rest, [plain]: bound, [exclusive]: true } : rest;
  }
  return node;
}

/** Tuples become lists, since 3.0 has one schema for all items. */
function tuples({ prefixItems, ...rest }: Node): Node {
  return prefixItems === undefined ? rest : { ...rest, items: {} };
}

/** `patternProperties` becomes `additionalProperties` of any type. */
function patternedMembers({ patternProperties, ...rest }: Node): Node {
  return patternProperties === undefined ? rest : { ...rest, additionalProperties: true };
}

/** In 3.1, null among the enum values is enough; 3.0 needs `nullable` too. (The overlay corrects the reverse case.) */
function nullableValues(schema: Node): Node {
  const { enum: values } = schema;
  return Array.isArray(values) && values.includes(null) ? { ...schema, nullable: true } : schema;
}
