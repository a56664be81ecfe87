/** Parameters of every kind: which become arguments, in what form, and what is told of the others. */
import { expect, test } from "vitest";
import { NotServedError, servedParameters, type ServedParameter } from "../../codegen/derive/parameter.ts";
import type { Document, Operation, Parameter, Schema } from "../../codegen/read/document.ts";

const document: Document = { openapi: "3.0.0", info: {}, paths: {} };
const text: Schema = { type: "string" };
const list: Schema = { type: "array", items: text };
const object: Schema = { type: "object", properties: { a: text } };
const serve = (parameter: Partial<Parameter>, path = "/things") => {
  const operation: Operation = { responses: {}, parameters: [{ name: "p", in: "query", ...parameter }] };
  return servedParameters(document, path, { get: operation }, operation);
};

test.each<[string, Partial<Parameter>, Partial<ServedParameter>]>([
  ["a word in the query", { schema: text }, { place: "query", schema: text, required: false }],
  ["one without a schema", {}, { schema: text }],
  ["a list, repeated", { schema: list }, { schema: list }],
  ["a list, separated by commas: its text", { schema: list, explode: false }, { schema: text }],
  ["a list, separated by pipes: its text", { schema: list, style: "pipeDelimited" }, { schema: text }],
  ["a list, separated by spaces: its text", { schema: list, style: "spaceDelimited" }, { schema: text }],
  ["an object in brackets", { schema: object, style: "deepObject" }, { schema: object }],
  ["JSON in the query: its text", { content: { "application/json": { schema: object } } }, { schema: text }],
  ["a header", { in: "header", name: "X-Trace", schema: text }, { name: "X-Trace", place: "header", schema: text }],
  ["a number in a header", { in: "header", schema: { type: "integer" } }, { schema: { type: "integer" } }],
  ["a list in a header: its text", { in: "header", schema: list }, { schema: text }],
  ["a required header", { in: "header", required: true, schema: text }, { place: "header", required: true }],
])("served: %s", (_, parameter, want) => {
  const { list: served, notes } = serve(parameter);
  expect(served).toEqual([expect.objectContaining(want)]);
  expect(notes).toEqual([]);
});

test.each<[string, Partial<Parameter>, RegExp]>([
  ["a cookie", { in: "cookie", schema: text }, /cookie parameter p .*a cookie is not an argument/],
  ["an object spread over the query", { schema: object, explode: true }, /query parameter p .*spread over the query/],
  ["a header of the connection", { in: "header", name: "Host", schema: text }, /how a message travels/],
  ["a proxy's header", { in: "header", name: "Proxy-Authorization", schema: text }, /how a message travels/],
  ["what a proxy says of the caller", { in: "header", name: "X-Forwarded-For", schema: text }, /how a message travels/],
  ["what is no name of a header", { in: "header", name: "a b", schema: text }, /no name of a header/],
])("told, where it is optional, and not served where it is required: %s", (_, parameter, reason) => {
  expect(serve(parameter)).toMatchObject({ list: [], notes: [expect.stringMatching(reason) as string] });
  expect(() => serve({ ...parameter, required: true })).toThrow(NotServedError);
});

test.each(["x-portkey-api-key", "Authorization", "Content-Type", "ACCEPT", "user-agent"])(
  "%s is this server's own to send: no argument, and nothing is told",
  (name) => expect(serve({ in: "header", name, required: true, schema: text })).toEqual({ list: [], notes: [] }),
);

test.each([
  ["no place", { in: undefined as unknown as string }],
  ["a place that OpenAPI does not know", { in: "body" }],
  ["no name", { name: undefined as unknown as string, in: "header" }],
])("what has %s is no parameter: it is told, and costs nothing else", (_, parameter) => {
  expect(serve({ ...parameter, required: true })).toMatchObject({
    list: [],
    notes: [expect.stringContaining("no name, or no place") as string],
  });
});

test("a part of the path is required, declared or not; one that the path lacks is told", () => {
  expect(serve({ in: "path", name: "id", schema: list }, "/things/{id}").list).toEqual([
    { name: "id", place: "path", required: true, schema: text },
  ]);
  expect(serve({ schema: text }, "/things/{id}").list).toContainEqual({
    name: "id",
    place: "path",
    required: true,
    schema: text,
  });
  expect(serve({ in: "path", name: "other", schema: text }).notes).toEqual([
    "the path has no {other}: its parameter is left out",
  ]);
});
