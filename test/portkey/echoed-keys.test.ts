/** Whoever answers knows the key that it was sent: nothing that a call ends with says it back, in whatever spelling. */
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assembleRegistry } from "../../src/cli/assemble-registry.ts";
import { createPolicy } from "../../src/catalog/create-policy.ts";
import { loadCatalogue } from "../main-catalogue.ts";
import { silentLog } from "../../src/log/log.ts";
import type { Registry } from "../../src/mcp/registry.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

const KEYS = { workspaceKey: "Wk9+zQ/4aLm=Vt7xRb2N", adminKey: "Ad3%Kp+8/hJr5TyUw1Sc" };

const SPELLINGS: Readonly<Record<string, (key: string) => string>> = {
  plain: (key) => key,
  "in capitals": (key) => key.toUpperCase(),
  "percent-encoded": (key) => encodeURIComponent(key),
  "percent-encoded, each character": (key) => [...key].map((one) => `%${one.charCodeAt(0).toString(16)}`).join(""),
  "in base64": (key) => Buffer.from(key).toString("base64"),
  "in base64, within more": (key) => Buffer.from(`key ${key}!`).toString("base64url"),
  "in hex": (key) => Buffer.from(key).toString("hex"),
  "as entities": (key) => [...key].map((one) => `&#x${one.charCodeAt(0).toString(16)};`).join(""),
  "in a sentence": (key) => `the key "${key}" is wrong`,
};

type Answer = (response: ServerResponse, text: string) => void;

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
const page = (response: ServerResponse, status: number, title: string) =>
  response
    .writeHead(status, { "content-type": "text/html" })
    .end(`<!doctype html><html><head><title>${title}</title></head></html>`);
/** A header takes no line breaks and no other characters than these. */
const asHeader = (text: string) => text.replace(/[^\x20-\x7e]/g, "");

const PLACES: Readonly<Record<string, Answer>> = {
  "the title of a page that came with 200": (response, text) => page(response, 200, text),
  "the title of a page that refuses": (response, text) => page(response, 502, text),
  "the message of a refusal": (response, text) => json(response, 400, { data: { message: text } }),
  "the code of a refusal": (response, text) => json(response, 400, { data: { message: "no", errorCode: text } }),
  "the parameter of a refusal": (response, text) => json(response, 400, { error: { message: "no", param: text } }),
  "a refusal of no form": (response, text) => json(response, 400, { what: { ever: text } }),
  "a failure with 200": (response, text) => json(response, 200, { success: false, data: { message: text } }),
  "the code of a failure with 200": (response, text) =>
    json(response, 200, { success: false, data: { message: "no", errorCode: text } }),
  "the request id of a refusal": (response, text) => json(response, 400, {}, { "x-request-id": asHeader(text) }),
  "the request id of a failure with 200": (response, text) =>
    json(response, 200, { success: false }, { "x-request-id": asHeader(text), "x-portkey-trace-id": asHeader(text) }),
  "the ids of an answer": (response, text) =>
    json(response, 200, { data: [] }, { "x-request-id": asHeader(text), "x-portkey-trace-id": asHeader(text) }),
  "the host of a redirect": (response, text) =>
    response.writeHead(302, { location: `https://${Buffer.from(text).toString("hex").slice(0, 60)}.example` }).end(),
};

let answer: (response: ServerResponse) => void;
let upstream: Upstream;
let registry: Registry;
beforeAll(async () => {
  upstream = await startUpstream((response) => answer(response));
  const base = `${upstream.origin}/v1`;
  registry = assembleRegistry({
    catalogue: loadCatalogue(),
    log: silentLog,
    onCall: () => undefined,
    config: {
      bases: { control: base, gateway: base, public: upstream.origin, registry: upstream.origin },
      credentials: KEYS,
      timeoutMs: 5_000,
      maxRetries: 0,
      maxResultBytes: 40_000,
      unknownFields: "send",
      policy: createPolicy(),
      sandbox: false,
      logLevel: "info",
      composites: {},
      allowPrivateBase: true,
    },
  });
});
afterAll(() => upstream.close());

async function said(tool: string, args: Record<string, unknown>): Promise<string> {
  const caller = { principal: "local", policy: createPolicy(), credentials: KEYS };
  const result = await registry.callTool(tool, args, caller, { signal: new AbortController().signal });
  return JSON.stringify(result);
}

/** Whether a text holds twelve characters of a key in a row, in its own or the given spelling. */
function shows(text: string, key: string, spelling: (key: string) => string): boolean {
  // What stands around the key is no secret.
  const forms = spelling(key).includes(key) ? [key] : [key, spelling(key)];
  return forms.some((form) =>
    Array.from({ length: form.length - 11 }, (_, at) => form.slice(at, at + 12)).some((part) =>
      text.includes(JSON.stringify(part).slice(1, -1)),
    ),
  );
}

const cases = Object.keys(PLACES).flatMap((place) => Object.keys(SPELLINGS).map((spelling) => [place, spelling]));

describe("a key said back", () => {
  test.each(cases)("as %s, %s", async (place, spelling) => {
    const spell = SPELLINGS[spelling as string] as (key: string) => string;
    const shown: string[] = [];
    for (const key of Object.values(KEYS)) {
      answer = (response) => PLACES[place as string]?.(response, spell(key));
      const text = await said("list_prompts", {});
      if (shows(text, key, spell)) shown.push(text);
    }
    expect(shown).toEqual([]);
  });

  test.each(Object.keys(SPELLINGS))("inside a stream, %s", async (spelling) => {
    const spell = SPELLINGS[spelling] as (key: string) => string;
    const shown: string[] = [];
    const texts: string[] = [];
    for (const key of Object.values(KEYS)) {
      const error = JSON.stringify({ error: { message: spell(key), type: "invalid" } });
      answer = (response) =>
        response
          .writeHead(200, { "content-type": "text/event-stream", "x-portkey-trace-id": asHeader(spell(key)) })
          .end(`data: ${error}\n\n`);
      const text = await said("run_prompt_completion", { prompt_id: "p", variables: {}, stream: true });
      texts.push(text);
      if (shows(text, key, spell)) shown.push(text);
    }
    expect(texts).toEqual(texts.map(() => expect.stringContaining("The stream ended with an error")));
    expect(shown).toEqual([]);
  });

  test("with more secrets than are looked for, the names of members stay", async () => {
    answer = (response) => json(response, 200, {});
    const config = Object.fromEntries(
      Array.from({ length: 2_500 }, (_, index) => [`api_key_${index % 9_999}`, `secret-value-${index}`]),
    );
    const text = await said("create_config", {
      name: "n",
      config: { ...config, metadata: { "secret-value-7": "b", plain_name_of_a_member: "secret-value-9" } },
      dry_run: true,
      fields: "would_send",
    });
    expect(text).toContain("api_key_0");
    expect(text).not.toContain("secret-value-");
  });
});
