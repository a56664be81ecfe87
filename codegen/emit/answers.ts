/**
 * The answer of each tool, for describe_tool: an outline of its fields, and the paths of the fields that can hold
 * untrusted text. A tool has no entry if neither the document nor its composite declares an answer.
 */
import type { ToolAnswer } from "../../src/catalog/editions.ts";
import { isForeignMember } from "../../src/catalog/foreign-text.ts";
import { outlineOf } from "../derive/outline.ts";
import { inlineSchema, typeOf } from "../derive/schema.ts";
import type { Tool } from "../derive/tool.ts";
import { answerSchemaOf, type Document, type Schema } from "../read/document.ts";

/** The longest outline, in characters. Enough for the fields and types of most answers. */
const OUTLINE = 700;

/** The deepest level that is searched for untrusted fields. */
const DEEPEST = 5;

export function answersOf(facts: Document, tools: readonly Tool[]): Record<string, ToolAnswer> {
  const answers = tools.flatMap((tool) => {
    const schema = answerSchema(facts, tool);
    const fields = schema === undefined ? "" : outlineOf(schema, OUTLINE);
    if (schema === undefined || !/\w/.test(fields) || /^(?:\[?object\]?|any)$/.test(fields)) return [];
    const untrusted = [...new Set(foreignIn(schema, "", 0))];
    return [[tool.record.name, { fields, ...(untrusted.length > 0 && { untrusted }) }] as const];
  });
  return Object.fromEntries(answers);
}

function answerSchema(facts: Document, { record, at }: Tool): Schema | undefined {
  if (record.output !== undefined) return record.output as unknown as Schema;
  const operation = at && facts.paths[at.path]?.[at.method];
  const schema = operation && answerSchemaOf(facts, operation);
  return schema && inlineSchema(facts, schema);
}

function foreignIn(schema: Schema, path: string, depth: number): string[] {
  if (depth > DEEPEST) return [];
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const at = path === "" ? name : `${path}.${name}`;
    return isForeignMember(name) && mayHoldText(member) ? [at] : foreignIn(member, at, depth + 1);
  });
  const arms = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].flatMap((arm) => foreignIn(arm, path, depth));
  return [...inner, ...arms, ...(schema.items ? foreignIn(schema.items, `${path}[]`, depth + 1) : [])];
}

function mayHoldText(schema: Schema): boolean {
  const type = typeOf(schema);
  return type !== "number" && type !== "integer" && type !== "boolean";
}
