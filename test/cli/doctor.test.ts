import { describe, expect, test } from "vitest";
import { nodeFinding } from "../../src/cli/doctor.ts";
import { reportOf } from "../../src/cli/doctor-findings.ts";
import { clockFindings } from "../../src/cli/doctor-network.ts";
import { useBuiltServer, useUpstream } from "../e2e/built-server.ts";
import { closedPort } from "../listen.ts";

const server = useBuiltServer();
const upstream = useUpstream();
const SECRET = "pk-not-to-be-shown-1234";

async function doctor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await server.start(args, env).end();
  return { code, stdout, stderr };
}

test("on the sandbox all is well, and the process says so with 0", async () => {
  const { code, stdout, stderr } = await doctor(["doctor", "--sandbox"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("ok     PORTKEY_API_KEY is accepted.");
  expect(stdout).toContain("PORTKEY_ADMIN_API_KEY may call list_deployments, list_secret_references, list_all_users");
  expect(stdout).toMatch(/\n\nAll is well\.\n$/);
});

describe("something wrong is said with what to do, and the process ends with 1", () => {
  test("no key, asked as a flag", async () => {
    const { code, stdout } = await doctor(["--doctor"]);
    expect(code).toBe(1);
    expect(stdout).toContain("WRONG  PORTKEY_API_KEY is not set.");
  });

  test("a key that Portkey does not know", async () => {
    const env = await upstream((_request, response) =>
      response
        .writeHead(401, { "content-type": "application/json" })
        .end('{"success":false,"data":{"errorCode":"AB05","message":"no"}}'),
    );
    const { code, stdout, stderr } = await doctor(["doctor"], { ...env, PORTKEY_API_KEY: SECRET });
    expect(code).toBe(1);
    expect(stdout).toContain("WRONG  PORTKEY_API_KEY is set, and Portkey does not accept it (401).");
    expect(stdout + stderr).not.toContain(SECRET);
  });

  test("a key with some scopes: told apart, and nothing is wrong", async () => {
    const env = await upstream((request, response) => {
      const allowed = request.url?.startsWith("/v1/configs") === true || request.method === "HEAD";
      response.writeHead(allowed ? 200 : 403, { "content-type": "application/json" });
      const body = allowed ? '{"data":[]}' : '{"success":false,"data":{"errorCode":"AB03","message":"no"}}';
      response.end(request.method === "HEAD" ? undefined : body);
    });
    const { code, stdout } = await doctor(["doctor"], env);
    expect(code).toBe(0);
    expect(stdout).toContain("note   PORTKEY_API_KEY may call list_configs.");
    expect(stdout).toMatch(/may not call .*list_guardrails \(guardrails\.list\)/);
  });

  test("only reads are sent, one item at a time", async () => {
    const seen: string[] = [];
    const env = await upstream((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(request.method === "HEAD" ? undefined : '{"data":[]}');
    });
    await doctor(["doctor"], env);
    expect(seen.length).toBeGreaterThan(5);
    expect(seen.filter((line) => !/^(GET|HEAD) /.test(line))).toEqual([]);
    expect(seen).toContain("GET /v1/prompts?page_size=1");
  });

  test("a Portkey that redirects, and one that is not there", async () => {
    const redirecting = await upstream((_request, response) =>
      response.writeHead(302, { location: "https://elsewhere.example" }).end(),
    );
    expect((await doctor(["doctor"], redirecting)).stdout).toContain("redirects, and redirects are not followed");
    const port = await closedPort();
    const { code, stdout } = await doctor(["doctor"], {
      ...redirecting,
      PORTKEY_BASE_URL: `http://127.0.0.1:${port}/v1`,
    });
    expect(code).toBe(1);
    expect(stdout).toContain(`WRONG  127.0.0.1:${port} cannot be reached: ECONNREFUSED.`);
  });

  test("a Redis that does not answer, without its password", async () => {
    const { code, stdout, stderr } = await doctor(["doctor", "--sandbox"], {
      MCP_REDIS_URL: `redis://user:${SECRET}@127.0.0.1:1`,
    });
    expect(code).toBe(1);
    expect(stdout).toContain("WRONG  Redis did not answer");
    expect(stdout + stderr).not.toContain(SECRET);
  });

  test("what ends the HTTP server's start with 2, in the same words", async () => {
    const env = { PORTKEY_API_KEY: SECRET, MCP_AUDIT_LOG: "/nowhere/audit.jsonl", MCP_PORT: "0" };
    const line = 'MCP_AUDIT_LOG: cannot write to "/nowhere/audit.jsonl" (the folder "/nowhere" is not there).';
    const started = await server.start(["http", "--sandbox"], env).end();
    expect([started.code, started.stderr]).toEqual([2, `portkey-admin-mcp: ${line}\n`]);
    const { code, stdout } = await doctor(["doctor", "--sandbox"], env);
    expect([code, stdout]).toEqual([1, expect.stringContaining(`WRONG  ${line}\n`)]);
  });

  test("a seed that is none", async () => {
    const { code, stdout } = await doctor(["doctor", "--sandbox", "--seed", "/nowhere/seed.json"]);
    expect([code, stdout]).toEqual([1, expect.stringContaining("WRONG  --seed: cannot read")]);
  });

  test("every mistake in the settings, the HTTP server's included", async () => {
    const { code, stdout } = await doctor(["doctor", "--sandbox"], { PORTKEY_TIMEOUT_MS: "soon", MCP_PORT: "http" });
    expect(code).toBe(1);
    expect(stdout).toContain('WRONG  PORTKEY_TIMEOUT_MS is "soon"');
    expect(stdout).toContain('WRONG  MCP_PORT is "http"');
    expect(stdout).toContain("2 things are wrong.");
  });
});

test.each([
  ["20.19.0", "ok"],
  ["20.20.2", "ok"],
  ["24.0.0", "ok"],
  ["20.18.3", "wrong"],
  ["18.20.0", "wrong"],
])("Node %s is %s where 20.19 is needed", (version, level) => {
  expect(nodeFinding(version, ">=20.19").level).toBe(level);
});

test.each([
  [
    "a clock that is right",
    "Sun, 22 Nov 2026 12:00:00 GMT",
    "2026-11-22T12:00:59Z",
    "This machine's clock agrees with Portkey's.",
  ],
  [
    "one that is ahead",
    "Sun, 22 Nov 2026 12:00:00 GMT",
    "2026-11-22T12:02:00Z",
    "This machine's clock is 120 s ahead of Portkey's.",
  ],
  [
    "one that is behind",
    "Sun, 22 Nov 2026 12:00:00 GMT",
    "2026-11-22T11:00:00Z",
    "This machine's clock is 3600 s behind Portkey's.",
  ],
])("a clock is told from an answer's date: %s", (_title, date, now, want) => {
  expect(clockFindings(date, Date.parse(now))[0]?.text).toBe(want);
});

test("an answer without a date says nothing of the clock", () => {
  expect([clockFindings(null, 0), clockFindings("soon", 0)]).toEqual([[], []]);
});

test("what to do stands below what is wrong", () => {
  expect(reportOf([{ level: "wrong", text: "It is broken.", todo: "Mend it." }])).toBe(
    "WRONG  It is broken.\n       Mend it.\n\n1 thing is wrong.\n",
  );
});
