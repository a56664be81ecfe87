/**
 * What the sandbox's tests share: the generated facts, a sandbox at a fixed moment, and calls that say what they
 * expect.
 */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { EditionName } from "../../src/catalog/editions.ts";
import type { Facts } from "../../src/sandbox/shapes/document.ts";
import { createSandbox, type Sandbox, type SandboxOptions } from "../../src/sandbox/sandbox.ts";
import type { AccessRule } from "../../src/sandbox/http/scopes.ts";

const generated = (edition: EditionName, name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../generated/${edition}/${name}`, import.meta.url), "utf8"));

/** An edition's facts, as they are generated. */
export const readFacts = (edition: EditionName) => generated(edition, "facts.json") as Facts;
/** An edition's records, which say what each operation asks of a key. */
export const readRules = (edition: EditionName) => generated(edition, "manifest.json") as AccessRule[];
export const facts = readFacts("portkey");
export const rules = readRules("portkey");

/** Every test runs at this moment. */
export const moment = Date.parse("2026-11-22T12:00:00.000Z");

/** A sandbox that does not listen, at the moment above. */
export function makeSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  return createSandbox({ facts, rules, now: () => moment, ...options });
}

export interface Result {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Whatever the body parses to; the tests look into it by name. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export interface Options {
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request with the admin key unless another is given; `path` is below `/v1` unless it says more. */
export async function send(
  sandbox: Sandbox,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  options: Options = {},
): Promise<Result> {
  const { key = sandbox.keys.admin, body, headers } = options;
  const response = await sandbox.inject({
    method,
    url:
      path.startsWith("/v0") || path.startsWith("/model-configs") || path.startsWith("/__sandbox")
        ? path
        : `/v1${path}`,
    headers: {
      ...(key !== "" && { "x-portkey-api-key": key }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { payload: JSON.stringify(body) }),
  });
  const isJson = String(response.headers["content-type"]).includes("application/json");
  return { status: response.statusCode, headers: response.headers, body: isJson ? response.json() : response.body };
}

/** The body of a call that must succeed. */
export async function ok(
  sandbox: Sandbox,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  options: Options = {},
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies of any shape are looked at here
): Promise<any> {
  const result = await send(sandbox, method, path, options);
  expect(result.status, `${method} ${path}: ${JSON.stringify(result.body)}`).toBe(200);
  return result.body;
}
