import { expect, test } from "vitest";
import type { Document } from "../../codegen/read/document.ts";
import { applyOverlay, StaleOverlayError, type OverlayAction } from "../../codegen/read/overlay.ts";

const document = {
  openapi: "3.0.0",
  info: {},
  paths: {
    "/a": {
      get: { responses: {}, parameters: [{ name: "p", in: "query", schema: { type: "string", format: "uuid" } }] },
    },
  },
} as unknown as Document;
const apply = (...actions: OverlayAction[]) =>
  applyOverlay(document, { overlay: "1.0.0", info: { title: "t", version: "1" }, actions });

test("an action changes what it targets and nothing else, and the input stays as it was", async () => {
  const { document: corrected } = await apply({ target: "$..schema.format", description: "no format", remove: true });
  expect(corrected.paths["/a"]?.get?.parameters?.[0]?.schema).toEqual({ type: "string" });
  expect(document.paths["/a"]?.get?.parameters?.[0]?.schema).toEqual({ type: "string", format: "uuid" });
});

test.each([
  [
    "matches nothing",
    { target: "$.paths['/nope'].get", description: "gone", update: { x: 1 } },
    /"gone" .* matched nothing/,
  ],
  [
    "changes nothing",
    { target: "$.paths['/a'].get.parameters[0].schema", description: "already so", update: { type: "string" } },
    /"already so" .* changed nothing/,
  ],
])("an action that %s fails by its name", async (_, action, message) => {
  await expect(apply(action)).rejects.toThrowError(StaleOverlayError);
  await expect(apply(action)).rejects.toThrowError(message);
});

test("an action about something the document lacks does not apply, where it says what that is", async () => {
  const action = {
    target: "$.components.schemas.New.properties",
    "x-if": "$.components.schemas.New",
    description: "new",
    update: { a: {} },
  };
  const { notApplicable } = await apply(action);
  expect(notApplicable).toEqual([action]);
});
