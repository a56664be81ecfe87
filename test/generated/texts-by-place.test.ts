/**
 * A text that is found by a field's name alone serves every object that has a field of that name. Each such sharing was
 * looked at once and stands in shared-texts.yaml; a new one fails here until somebody has judged it: write a text for
 * the
 * object (`objects` in openapi/glossary.yaml), or add the object to the list.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import schemas from "../../generated/portkey/schemas.json" with { type: "json" };

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly oneOf?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly additionalProperties?: Node | boolean;
}
interface Glossary {
  readonly fields: Readonly<Record<string, string>>;
  readonly objects: Readonly<Record<string, string>>;
  readonly tools: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const yaml = (path: string) => parse(readFileSync(new URL(path, import.meta.url), "utf8")) as unknown;
const glossary = yaml("../../openapi/glossary.yaml") as Glossary;
const judged = yaml("shared-texts.yaml") as Readonly<Record<string, readonly string[]>>;

function* placesIn(node: Node, trail: readonly string[]): Generator<readonly string[]> {
  for (const [name, member] of Object.entries(node.properties ?? {})) {
    yield [...trail, name];
    yield* placesIn(member, [...trail, name]);
  }
  for (const part of [node.items, ...(node.oneOf ?? []), ...(node.anyOf ?? [])]) {
    if (part !== undefined) yield* placesIn(part, trail);
  }
  if (typeof node.additionalProperties === "object") yield* placesIn(node.additionalProperties, [...trail, "*"]);
}

function isByName(tool: string, trail: readonly string[]): boolean {
  if (glossary.tools[tool]?.[trail.join(".")] !== undefined) return false;
  const ends = trail.slice(0, -1).map((_name, start) => trail.slice(start).join("."));
  return ends.every((end) => glossary.objects[end] === undefined) && glossary.fields[trail.at(-1) ?? ""] !== undefined;
}

/** By a field's name, the objects whose field takes its text from the name; the tool itself is `-`. */
function sharedTexts(): Record<string, string[]> {
  const objects = new Map<string, Set<string>>();
  for (const [tool, schema] of Object.entries(schemas as Record<string, Node>)) {
    for (const trail of placesIn(schema, [])) {
      if (!isByName(tool, trail)) continue;
      const name = trail.at(-1) as string;
      objects.set(name, (objects.get(name) ?? new Set()).add(trail.at(-2) ?? "-"));
    }
  }
  const shared = [...objects].filter(([, holders]) => holders.size > 1);
  return Object.fromEntries(shared.map(([name, holders]) => [name, [...holders].sort()]));
}

test("every text that several objects share was judged where it stands", () => {
  const unjudged = Object.entries(sharedTexts())
    .map(([name, holders]) => [name, holders.filter((holder) => !judged[name]?.includes(holder))] as const)
    .filter(([, holders]) => holders.length > 0);
  expect(Object.fromEntries(unjudged)).toEqual({});
});

test("the list of judged texts holds none that is shared no more", () => {
  const shared = sharedTexts();
  const stale = Object.entries(judged)
    .map(([name, holders]) => [name, holders.filter((holder) => !shared[name]?.includes(holder))] as const)
    .filter(([, holders]) => holders.length > 0);
  expect(Object.fromEntries(stale)).toEqual({});
});
