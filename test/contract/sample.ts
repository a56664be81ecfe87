/**
 * Values that a schema of the document allows: with what it requires only, with all it names, and with null where it
 * may be.
 */
import { follow, type Node } from "./document.ts";

export type Fullness = "required" | "full" | "nulls";

const formats: Record<string, string> = {
  uuid: "3f0c6f5e-8f0a-4c55-9d54-0a3f3d3c9b11",
  UUID: "3f0c6f5e-8f0a-4c55-9d54-0a3f3d3c9b11",
  "date-time": "2026-03-01T10:00:00Z",
  email: "someone@example.com",
  uri: "https://example.com/a?b=c",
};

/** One value for each arm of the schema's first union in "full"; one value otherwise. */
export function samplesOf(schema: Node, fullness: Fullness): unknown[] {
  const arms = fullness === "full" ? armCount(schema) : 1;
  return Array.from({ length: arms }, (_, arm) => sample(schema, fullness, arm, 0));
}

function armCount(schema: Node, depth = 0): number {
  const node = follow(schema) ?? {};
  if (depth > 6) return 1;
  const arms = node.oneOf ?? node.anyOf;
  const inner = [
    ...Object.values<Node>(node.properties ?? {}),
    ...(node.allOf ?? []),
    ...(node.items ? [node.items] : []),
    ...(arms ?? []),
  ];
  return Math.max(arms?.length ?? 1, ...inner.map((child) => armCount(child, depth + 1)));
}

/** A value that a schema takes; `arm` says which alternative of a union. */
export function sample(schema: Node, fullness: Fullness, arm: number, depth: number): unknown {
  const node = follow(schema) ?? {};
  if (node.nullable && fullness === "nulls") return null;
  if (node.enum) return node.enum.find((value: unknown) => value !== null);
  if (node.allOf) {
    const parts = [...node.allOf, { ...node, allOf: undefined }].map((part) => sample(part, fullness, arm, depth));
    return Object.assign({}, ...parts.filter((part) => part !== null && typeof part === "object"));
  }
  const arms = node.oneOf ?? node.anyOf;
  if (arms) {
    const chosen = sample(arms[arm % arms.length], fullness, arm, depth + 1);
    const base = node.properties
      ? sample({ ...node, oneOf: undefined, anyOf: undefined }, fullness, arm, depth)
      : undefined;
    return base ? { ...(base as object), ...(chosen as object) } : chosen;
  }
  const impliedArray = node.items ? "array" : undefined;
  const type = node.type ?? (node.properties ? "object" : impliedArray);
  switch (type) {
    case "array":
      return depth > 8 ? [] : [sample(node.items ?? { type: "string" }, fullness, arm, depth + 1)];
    case "object":
      return objectOf(node, fullness, arm, depth);
    case "integer":
    case "number":
      return Math.max(node.minimum ?? 1, 1);
    case "boolean":
      return true;
    case "string":
      return stringOf(node);
    default:
      return objectOf(node, fullness, arm, depth);
  }
}

function objectOf(node: Node, fullness: Fullness, arm: number, depth: number): Record<string, unknown> {
  const names = Object.keys(node.properties ?? {}).filter(
    (name) => node.required?.includes(name) || (fullness !== "required" && depth < 9),
  );
  const fields = Object.fromEntries(
    names.map((name) => [name, sample(node.properties[name], fullness, arm, depth + 1)]),
  );
  const missing = (node.required ?? []).filter((name: string) => !(name in fields));
  for (const name of missing) fields[name] = `some ${name}`;
  if (node.type === "object" && fullness !== "required" && !node.properties) {
    fields["any key"] =
      node.additionalProperties && typeof node.additionalProperties === "object"
        ? sample(node.additionalProperties, fullness, arm, depth + 1)
        : "any value ✓";
  }
  return fields;
}

function stringOf(node: Node): string {
  if (node.format && formats[node.format]) return formats[node.format] as string;
  const text =
    [...(node.pattern ? ["abc-123", "#a1b2c3", "1d"] : []), "text with / ? & % ✓"].find((candidate) =>
      new RegExp(node.pattern ?? "").test(candidate),
    ) ?? "abc";
  return text.padEnd(node.minLength ?? 0, "x").slice(0, node.maxLength ?? 200);
}
