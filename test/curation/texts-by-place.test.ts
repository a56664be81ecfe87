/**
 * A text that is found by a field's name alone serves every object that has a field of that name. Each such sharing was
 * looked at once and stands in shared-texts.yaml; a new one fails here until somebody has judged it: write a text for
 * the
 * object (`objects` in openapi/glossary.yaml), or add the object to the list.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readCuration, type Glossary } from "../../codegen/read/curation.ts";
import { listings } from "../generated/listing.ts";

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly oneOf?: readonly Node[];
  readonly anyOf?: readonly Node[];
  readonly additionalProperties?: Node | boolean;
}

const judged = parse(readFileSync(new URL("shared-texts.yaml", import.meta.url), "utf8")) as Readonly<
  Record<string, readonly string[]>
>;
const openapi = fileURLToPath(new URL("../../openapi", import.meta.url));
const editions = await Promise.all(
  listings.map(async ({ edition, fullSchemas }) => {
    const { glossary } = await readCuration(openapi, edition, false);
    return { glossary, schemas: fullSchemas as Readonly<Record<string, Node>> };
  }),
);

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

function isByName(glossary: Glossary, tool: string, trail: readonly string[]): boolean {
  if (glossary.tools[tool]?.[trail.join(".")] !== undefined) return false;
  const ends = trail.slice(0, -1).map((_name, start) => trail.slice(start).join("."));
  return (
    ends.every((end) => glossary.objects?.[end] === undefined) && glossary.fields[trail.at(-1) ?? ""] !== undefined
  );
}

/** Each field that takes its text from its name alone: the name, and the object that has it; the tool itself is `-`. */
function* textsByName(): Generator<readonly [name: string, holder: string]> {
  for (const { glossary, schemas } of editions) {
    for (const [tool, schema] of Object.entries(schemas)) {
      for (const trail of placesIn(schema, []))
        if (isByName(glossary, tool, trail)) yield [trail.at(-1) as string, trail.at(-2) ?? "-"];
    }
  }
}

/** By a field's name, the objects whose field takes its text from the name. */
function sharedTexts(): Record<string, string[]> {
  const objects = new Map<string, Set<string>>();
  for (const [name, holder] of textsByName()) objects.set(name, (objects.get(name) ?? new Set()).add(holder));
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
