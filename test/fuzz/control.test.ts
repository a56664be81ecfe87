/** Policy files, a request's narrowing and seed files, as anybody may write them: no crash, nothing widened. */
import fc from "fast-check";
import type { FastifyRequest } from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPolicy } from "../../src/catalog/create-policy.ts";
import { decide } from "../../src/catalog/decide.ts";
import { loadCatalogue } from "../main-catalogue.ts";
import { narrowPolicy } from "../../src/catalog/policy/narrow.ts";
import type { Policy } from "../../src/catalog/policy.ts";
import { startSeeded } from "../../src/cli/start-seeded.ts";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { principalOf } from "../../src/http/auth/principal.ts";
import { HttpRefusal } from "../../src/http/auth/refusal.ts";
import { createRequestNarrowing } from "../../src/http/auth/request-narrowing.ts";
import { readPolicyFile, ruleFor } from "../../src/http/policy/policy-file.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jsonOf, name, RUNS, TRICKY } from "./tricky.ts";
import { prototypeMembers } from "./prototypes.ts";

const { records } = loadCatalogue();
const admitted = (policy: Policy) =>
  records.filter((record) => decide(policy, record).allowed).map((record) => record.name);
const domains = [...new Set(records.map(({ domain }) => domain))];

let before = "";
beforeEach(() => {
  before = prototypeMembers();
});
afterEach(() => {
  expect(prototypeMembers()).toBe(before);
  expect(({} as Record<string, unknown>)["aborted"]).toBeUndefined();
});

describe("a policy file", () => {
  const KEYS = [
    "version",
    "scopes",
    "rules",
    "name",
    "match",
    "subject",
    "role",
    "domains",
    "write_domains",
    "tools",
    "read_only",
    "confirm",
    "keys",
    "anyone",
    "all",
  ];
  const names = fc.oneof(fc.constantFrom(...KEYS, ...domains), name);
  const context = {
    policy: createPolicy(),
    records,
    credentials: "server",
    readSecret: () => "pk-secret",
  } as const;
  const someone = (subject: string, roles: readonly string[] = []) =>
    principalOf({ kind: "token", subject, client: null, organisation: null, roles, scopes: [] });

  /** The file's rules, or undefined where it is refused with its mistakes in lines. */
  function read(text: string) {
    try {
      return readPolicyFile({ path: "policy.yaml", text }, context);
    } catch (error) {
      expect(error).toBeInstanceOf(PortkeyMcpError);
      expect((error as Error).message).toMatch(/^MCP_POLICY_FILE: policy\.yaml/);
      return undefined;
    }
  }

  test("of any JSON, or of any text, is refused or read", () => {
    fc.assert(
      fc.property(jsonOf(names), (value) => void read(JSON.stringify(value))),
      RUNS,
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(names, fc.constantFrom(": ", "\n", "\n  ", "- ", "{", "}", "[", "]", ",", "&a ", "*a", "!!")),
          { maxLength: 20 },
        ),
        (parts) => void read(parts.join("")),
      ),
      RUNS,
    );
  });

  test("with one rule that is changed anywhere grants no more than the rule did", () => {
    const rule = { name: "ci", match: { subject: "ci" }, domains: ["prompts"], write_domains: [], read_only: true };
    const granted = admitted(
      ruleFor(read(JSON.stringify({ version: 1, rules: [rule] })) as never, someone("ci"))?.policy as Policy,
    );
    const member = fc.constantFrom("domains", "write_domains", "read_only", "tools", "confirm", "match", "name");
    const wrong = fc.oneof(
      jsonOf(fc.constantFrom(...TRICKY)),
      fc.constantFrom<unknown>("True", "yes", 0, 1, "no", {}, [], [""], ["!"]),
    );
    fc.assert(
      fc.property(member, wrong, (changed, value) => {
        const file = read(JSON.stringify({ version: 1, rules: [{ ...rule, [changed]: value }] }));
        if (file === undefined) return;
        const policy = ruleFor(file, someone("ci"))?.policy;
        const allowed = policy === undefined ? [] : admitted(policy);
        // Only a plain false says that read_only is not meant.
        if (changed === "read_only" && value === false) return;
        expect(
          allowed.filter((tool) => !granted.includes(tool)),
          JSON.stringify(value),
        ).toEqual([]);
      }),
      RUNS,
    );
  });

  const unknownNames = [...TRICKY, "readonly", "read-only", "readOnly", "domain", "deny", "Confirm"];
  test.each(unknownNames)("with the name %j beside those there are is refused", (name) => {
    const own = JSON.stringify(name);
    const texts = [
      `{"version":1,${own}:true,"rules":[{"name":"a","match":"anyone"}]}`,
      `{"version":1,"rules":[{"name":"a","match":"anyone",${own}:true}]}`,
      `{"version":1,"rules":[{"name":"a","match":{"subject":"x",${own}:"x"}}]}`,
    ];
    expect(texts.filter((text) => read(text) !== undefined)).toEqual([]);
  });

  test.each(TRICKY)("gives a principal or a role named %j no other's rights", (name) => {
    const file = read('{"version":1,"rules":[{"name":"a","match":{"subject":"ci","role":"ops"}}]}');
    expect(ruleFor(file as never, someone("ci", ["ops"]))).toBeDefined();
    expect(ruleFor(file as never, someone(name, ["ops"]))).toBeUndefined();
    expect(ruleFor(file as never, someone("ci", [name]))).toBeUndefined();
  });
});

describe("a request's narrowing", () => {
  const narrowing = createRequestNarrowing(records);
  const entry = fc.oneof(
    fc.constantFrom(
      "get_*",
      "!get_*",
      "prompts",
      "keys",
      "all",
      "list_prompts",
      "true",
      "false",
      ",",
      "!,",
      "?",
      "{a,b}",
      "@(a)",
      "+(a|aa)",
    ),
    name,
  );
  const values = fc.oneof(
    entry,
    fc.array(entry, { maxLength: 3 }),
    fc.array(entry, { maxLength: 4 }).map((list) => list.join(",")),
  );
  const parameter = fc.oneof(fc.constantFrom("tools", "tool", "Tools", "tools[]", "toolsets"), name);
  const header = fc.oneof(fc.constantFrom("x-mcp-toolsets", "x-mcp-readonly", "x-mcp-read-only", "x-mcp-tools"), name);
  const own = (pairs: readonly (readonly [string, unknown])[]) => Object.fromEntries(pairs);

  test("is refused with 400, or gives no more than there was", () => {
    const server = createPolicy({ domains: ["prompts", "keys"], tools: ["!delete_*"] });
    const most = admitted(server);
    const pairs = (names: fc.Arbitrary<string>) => fc.array(fc.tuple(names, values), { maxLength: 3 });
    fc.assert(
      fc.property(pairs(parameter), pairs(header), (query, headers) => {
        const flat = headers.map(([key, value]) => [key, Array.isArray(value) ? value.join(", ") : value] as const);
        const raw = flat.flatMap(([key, value]) => [key, value]);
        const request = {
          query: own(query),
          headers: own(flat),
          raw: { rawHeaders: raw, headersDistinct: own(flat.map(([key, value]) => [key, [value]])) },
        };
        let requested;
        try {
          requested = narrowing(request as unknown as FastifyRequest);
        } catch (error) {
          expect(error).toBeInstanceOf(HttpRefusal);
          expect((error as HttpRefusal).statusCode).toBe(400);
          expect((error as HttpRefusal).message.length).toBeLessThan(1_000);
          return;
        }
        const allowed = admitted(narrowPolicy(server, requested));
        expect(allowed.filter((tool) => !most.includes(tool))).toEqual([]);
        const asked = own(query)["tools"];
        if (Object.hasOwn(own(query), "tools")) expect(requested.tools, String(asked)).not.toBeNull();
      }),
      RUNS,
    );
  });
});

describe("a seed file", () => {
  const KINDS = ["/labels", "/prompts", "/admin/workspaces", "/configs", "/api-keys", "/admin/users"];
  const names = fc.oneof(
    fc.constantFrom(
      "workspace",
      "resources",
      "traffic",
      "name",
      "slug",
      "id",
      "versions",
      "users",
      "days_ago",
      ...KINDS,
    ),
    name,
  );
  const item = jsonOf(names);
  const seed = fc.oneof(
    item,
    fc.record({
      resources: fc.dictionary(
        fc.oneof(fc.constantFrom(...KINDS), name),
        fc.oneof(fc.array(item, { maxLength: 2 }), item),
        { maxKeys: 2 },
      ),
    }),
    fc.record({ workspace: names, traffic: item }),
  );

  test("starts the sandbox, or is refused in lines that name it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fuzz-seed-"));
    const path = join(folder, "seed.json");
    try {
      await fc.assert(
        fc.asyncProperty(seed, async (value) => {
          writeFileSync(path, JSON.stringify(value));
          let started;
          try {
            started = await startSeeded(path);
          } catch (error) {
            expect(error).toBeInstanceOf(PortkeyMcpError);
            expect((error as Error).message).toMatch(/^(PORTKEY_SANDBOX_SEED: [^\n]*seed\.json"?[,:] [^\n]+(\n|$))+$/);
            expect((error as Error).message).not.toMatch(
              /is not a function|Cannot read|undefined \(|not iterable|convert/,
            );
            return;
          }
          await started.close();
        }),
        { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 8) },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
