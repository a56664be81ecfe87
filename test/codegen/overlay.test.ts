/** Corrections: what they change, and what is told of those that change nothing. */
import { expect, test } from "vitest";
import type { Document } from "../../codegen/read/document.ts";
import { applyOverlay } from "../../codegen/read/overlay.ts";
import type { OverlayAction } from "../../codegen/read/overlay-action.ts";

const parameter = { name: "p", in: "query", schema: { type: "string", format: "uuid" } };
const document = {
  openapi: "3.0.0",
  info: {},
  paths: {
    "/a": { get: { responses: {}, parameters: [parameter] } },
    "/things/{id}": { get: { responses: {}, parameters: [] } },
  },
  components: {
    schemas: {
      Kind: { type: "string", enum: ["a", "b"] },
      Either: { oneOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
      Fields: { type: "object", properties: { headers: { type: "object", properties: { key: { type: "string" } } } } },
      Holder: { type: "object", properties: { either: { $ref: "#/components/schemas/Either" } } },
    },
  },
} as unknown as Document;
const apply = (...actions: OverlayAction[]) =>
  applyOverlay(document, { overlay: "1.0.0", info: { title: "t", version: "1" }, actions });
const schemas = (corrected: Document) => corrected.components?.["schemas"] as Record<string, unknown>;

test("an action changes what it targets and nothing else, and the input stays as it was", async () => {
  const { document: corrected } = await apply({ target: "$..schema.format", description: "no format", remove: true });
  expect(corrected.paths["/a"]?.get?.parameters?.[0]?.schema).toEqual({ type: "string" });
  expect(document.paths["/a"]?.get?.parameters?.[0]?.schema).toEqual({ type: "string", format: "uuid" });
});

test("where a document repeats an anchor, a correction of one place leaves the others", async () => {
  const shared = { type: "object", properties: { id: { type: "string" } } };
  const twice = { ...document, components: { schemas: { A: shared, B: shared } } } as unknown as Document;
  const overlay = { overlay: "1.0.0", info: { title: "t", version: "1" } };
  const action = { target: "$.components.schemas.A.properties.id", description: "d", update: { format: "uuid" } };
  const { document: corrected } = await applyOverlay(twice, { ...overlay, actions: [action] });
  expect(schemas(corrected)["B"]).toEqual(shared);
});

test.each<[string, OverlayAction, string, RegExp]>([
  [
    "is about a path that is gone",
    { target: "$.paths['/nope-nope-nope'].get", description: "d", update: { x: 1 } },
    "gone",
    /\/nope-nope-nope is not there/,
  ],
  [
    "is about a path that has moved",
    { target: "$.paths['/things/{thingId}'].get", description: "d", update: { x: 1 } },
    "moved",
    /closest is \/things\/\{id\}/,
  ],
  [
    "is about a member that a component has now",
    { target: "$.components.schemas.Holder.properties.either.oneOf", description: "d", remove: true },
    "moved",
    /stands in #\/components\/schemas\/Either now/,
  ],
  [
    "removes what is removed",
    { target: "$.components.schemas.Kind.format", description: "d", remove: true },
    "mended",
    /format is not there any more/,
  ],
  [
    "says what the document says",
    { target: "$.components.schemas.Kind", description: "d", update: { enum: ["b"] } },
    "mended",
    /says so itself/,
  ],
  [
    "would put a shape beside another",
    { target: "$.components.schemas.Holder.properties", description: "d", update: { either: { type: "string" } } },
    "unfit",
    /has \$ref there now/,
  ],
  [
    "would merge a map with named members",
    {
      target: "$.components.schemas.Fields.properties",
      description: "d",
      update: { headers: { type: "object", additionalProperties: { type: "string" } } },
    },
    "unfit",
    /names its members now/,
  ],
  [
    "would give oneOf an anyOf",
    { target: "$.components.schemas.Either", description: "d", update: { anyOf: [{ type: "number" }] } },
    "unfit",
    /has oneOf there now/,
  ],
  [
    "would change a newer field's type",
    { target: "$.components.schemas", description: "d", update: { Kind: { type: "integer" } } },
    "unfit",
    /says string, not integer/,
  ],
  [
    "would declare a parameter twice",
    {
      target: "$.paths['/a'].get",
      description: "d",
      update: { parameters: [{ name: "p", in: "query", schema: { type: "string" } }] },
    },
    "unfit",
    /declares the query parameter p itself/,
  ],
  [
    "refers to what is not there",
    { target: "$.components.schemas.Kind", description: "d", update: { items: { $ref: "#/components/schemas/Nope" } } },
    "unfit",
    /Nope is not in the document/,
  ],
])("an action that %s is left out and told", async (_, action, kind, why) => {
  const { document: corrected, leftOut } = await apply(action);
  expect(corrected).toEqual(document);
  expect(leftOut).toEqual([{ action, kind, why: expect.stringMatching(why) as string }]);
});

test("a member that does not fit keeps the others from nothing", async () => {
  const update = { either: { type: "string" }, fresh: { type: "integer" } };
  const { document: corrected, leftOut } = await apply({
    target: "$.components.schemas.Holder.properties",
    description: "d",
    update,
  });
  expect(schemas(corrected)["Holder"]).toMatchObject({
    properties: { either: { $ref: "#/components/schemas/Either" }, fresh: { type: "integer" } },
  });
  expect(leftOut.map(({ kind }) => kind)).toEqual(["unfit"]);
});

test("a value that is there already is not there twice", async () => {
  const target = "$.components.schemas.Kind";
  const { document: corrected } = await apply({ target, description: "d", update: { enum: ["b", "c"] } });
  expect(schemas(corrected)["Kind"]).toEqual({ type: "string", enum: ["a", "b", "c"] });
});

test("an action about something the document lacks says nothing, where it says what that is", async () => {
  const action = {
    target: "$.components.schemas.New.properties",
    "x-if": "$.components.schemas.New",
    description: "new",
    update: { a: {} },
  };
  expect((await apply(action)).leftOut).toMatchObject([{ kind: "not about this" }]);
});

test("of a list, every item that a target finds is taken away, and none beside it", async () => {
  const { document: corrected } = await apply({
    target: "$.components.schemas.Kind.enum[?(@=='a' || @=='b')]",
    description: "d",
    remove: true,
  });
  expect(schemas(corrected)["Kind"]).toEqual({ type: "string", enum: [] });
});

test("a reference takes the place of what was there, whatever the names beside it", async () => {
  const target = "$.components.schemas.Fields.properties.headers.properties.key";
  const { document: corrected } = await apply(
    { target: "$.components.schemas.Fields.properties.headers.properties", description: "d", update: { "it's": {} } },
    { target, description: "d", update: { $ref: "#/components/schemas/Kind" } },
  );
  expect(schemas(corrected)["Fields"]).toMatchObject({
    properties: { headers: { properties: { key: { $ref: "#/components/schemas/Kind" }, "it's": {} } } },
  });
  expect(JSON.stringify(schemas(corrected)["Fields"])).not.toContain('"type":"string","$ref"');
});

test("a place that cannot be reached is told, and ends nothing", async () => {
  const target = "$.components.schemas.Fields.properties";
  const { leftOut } = await apply(
    { target, description: "d", update: { length: { type: "integer" } } },
    { target: `${target}.length`, description: "d", remove: true },
  );
  expect(leftOut).toMatchObject([{ kind: "unfit", why: expect.stringContaining("length") as string }]);
});
