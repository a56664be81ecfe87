/** Which operations become tools, by what a document says of them. */
import { expect, test } from "vitest";
import { chooseOperations } from "../../codegen/read/choose.ts";
import type { Document, Operation, PathItem } from "../../codegen/read/document.ts";
import type { Selection } from "../../codegen/read/selection.ts";

const selection: Selection = {
  identity: { key: "x-portkey-api-key", host: "api.portkey.ai" },
  tools: [],
  inference: [],
  bases: { control: "https://control.test/v1", gateway: "https://gateway.test/v1" },
  placeholders: { SELF_HOSTED_CONTROL_PLANE_URL: "control", SELF_HOSTED_GATEWAY_URL: "gateway" },
};
const control = { servers: [{ url: "https://control.test/v1" }, { url: "SELF_HOSTED_CONTROL_PLANE_URL" }] };
const gateway = { servers: [{ url: "https://gateway.test/v1" }, { url: "SELF_HOSTED_GATEWAY_URL" }] };
const operation = (more: object = {}): Operation => ({ responses: {}, ...more });
const components = {
  securitySchemes: {
    own: { type: "apiKey", in: "header", name: "x-portkey-api-key" },
    provider: { type: "apiKey", in: "header", name: "x-portkey-provider" },
    login: { type: "oauth2", flows: {} },
  },
};

type Paths = Record<string, PathItem>;
const documentOf = (paths: Paths): Document => ({ openapi: "3.0.0", info: {}, paths, components });

test.each<[string, Paths, string[]]>([
  [
    "what the control plane serves is a tool, what the gateway serves is not",
    { "/things": { get: operation(), ...control }, "/ocr": { post: operation(), ...gateway } },
    ["POST /ocr"],
  ],
  [
    "an operation's own servers go before its path's",
    { "/things": { get: operation(), post: operation(gateway), ...control }, "/chat": { post: operation(gateway) } },
    ["POST /chat"],
  ],
  [
    "one that takes a provider's credentials is inference, whoever serves it",
    { "/speech": { post: operation({ security: [{ own: [], provider: [] }] }), ...control } },
    ["POST /speech"],
  ],
  [
    "one that takes Portkey's key alone, or a provider's beside it, is inference for the latter",
    {
      "/a": { get: operation({ security: [{ own: [] }] }), ...control },
      "/b": { get: operation({ security: [{ own: [] }, { provider: [] }] }), ...control },
    },
    ["GET /b"],
  ],
  [
    "a login beside Portkey's key is no provider's",
    { "/a": { get: operation({ security: [{ own: [] }, { login: [] }] }), ...control } },
    [],
  ],
  [
    "what the gateway serves of something that the control plane administers is a tool",
    { "/prompts": { get: operation(), ...control }, "/prompts/{id}/completions": { post: operation(), ...gateway } },
    [],
  ],
  [
    "one without servers goes with the first segment of its path",
    {
      "/chat/new": { post: operation() },
      "/chat/a": { post: operation({ security: [{ provider: [] }] }) },
      "/keys/new": { post: operation() },
      "/keys": { get: operation(), ...control },
    },
    ["POST /chat/a", "POST /chat/new"],
  ],
  [
    "else with its tag",
    {
      "/x": { get: operation({ tags: ["Audio"] }) },
      "/y": { post: operation({ tags: ["Audio"], security: [{ provider: [] }] }) },
    },
    ["GET /x", "POST /y"],
  ],
  [
    "where as many of its segment are the gateway's as say nothing, it is none",
    { "/x/a": { get: operation() }, "/x/b": { post: operation(gateway) } },
    ["GET /x/a", "POST /x/b"],
  ],
  [
    "where more of its segment say nothing than are the gateway's, all of them are tools",
    { "/x/a": { get: operation() }, "/x/c": { get: operation() }, "/x/b": { post: operation(gateway) } },
    [],
  ],
  ["and one that nothing speaks for is a tool", { "/new-thing": { get: operation() } }, []],
])("%s", (_, paths, want) => {
  const { document, inference } = chooseOperations(documentOf(paths), selection);
  expect(inference).toEqual(want);
  const kept = Object.entries(document.paths).flatMap(([path, item]) =>
    ["get", "post"].filter((method) => method in item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const all = Object.entries(paths).flatMap(([path, item]) =>
    ["get", "post"].filter((method) => method in item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(kept).toEqual(all.filter((each) => !want.includes(each)));
});

test.each<[string, Partial<Selection>, string[], string[]]>([
  ["an exception makes a tool of inference", { tools: ["/ocr"] }, [], []],
  ["and inference of a tool, for one method", { inference: ["POST /things"] }, [], ["POST /ocr", "POST /things"]],
  [
    "with everything below",
    { inference: ["/things"] },
    [],
    ["GET /things", "GET /things/{id}", "POST /ocr", "POST /things"],
  ],
  ["but not beside it: /thing is no prefix of /things", { inference: ["/thing"] }, [], ["POST /ocr"]],
  ["an operation with words of ours is a tool", {}, ["POST /ocr"], []],
])("%s", (_, exceptions, curated, want) => {
  const paths = {
    "/things": { get: operation(), post: operation(), ...control },
    "/things/{id}": { get: operation(), ...control },
    "/ocr": { post: operation(), ...gateway },
  };
  const chosen = chooseOperations(documentOf(paths), { ...selection, ...exceptions }, new Set(curated));
  expect(chosen.inference).toEqual(want);
});
