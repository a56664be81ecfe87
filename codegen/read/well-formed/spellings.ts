/**
 * Schemas in the spellings of OpenAPI 3.0: what 3.1 and JSON Schema write otherwise means the same afterwards, and what
 * 3.0 cannot say restricts nothing. The generators behind this read 3.0 only.
 * https://learn.openapis.org/upgrading/v3.0-to-v3.1.html
 */
import { isObject } from "../objects.ts";

type Node = Record<string, unknown>;

/** The version that a document has afterwards. */
export function versionOf(openapi: string): string {
  return openapi.startsWith("3.0") ? openapi : "3.0.3";
}

/** One schema, not what is below it. A copy; members of the wrong kind stay as they are. */
export function respell(schema: Node): Node {
  return [conditions, typeLists, constants, nullArms, bounds, tuples, patternedMembers, nullableValues].reduce(
    (node, step) => step(node),
    schema,
  );
}

/** What holds where a condition is met, and where it is not, as arms: both are taken, and their fields are known. */
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

/** `type: [string, "null"]` is how 3.1 writes `nullable`; several types are arms. */
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

/** An arm that is null alone makes the others nullable; the only other one is meant without a choice. */
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

/** `exclusiveMinimum: 0` is `minimum: 0` with a switch. */
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

/** 3.0 has lists of one kind of item only. */
function tuples({ prefixItems, ...rest }: Node): Node {
  return prefixItems === undefined ? rest : { ...rest, items: {} };
}

/** Members by the form of their name: any are taken beside those that are named. */
function patternedMembers({ patternProperties, ...rest }: Node): Node {
  return patternProperties === undefined ? rest : { ...rest, additionalProperties: true };
}

/** 3.1 needs no switch where null is among the values. (A switch without the value is the overlay's to mend.) */
function nullableValues(schema: Node): Node {
  const { enum: values } = schema;
  return Array.isArray(values) && values.includes(null) ? { ...schema, nullable: true } : schema;
}
