import { closeSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAudit } from "../../../src/http/audit/audit.ts";
import { EVENT } from "./event.ts";
import { findRecord } from "../../catalog-policy/records.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "audit-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const linesOf = (file: string) =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("the audit", () => {
  it("writes one line for each call, in order, readable by its owner alone", () => {
    const file = join(folder, "audit.log");
    const audit = openAudit(file);
    audit.record(EVENT);
    audit.record({ ...EVENT, outcome: "ok", tool: "get_prompt", key: "admin" });
    const [first, second] = linesOf(file);
    expect(first).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      audit: "tool_call",
      principal: "jwt:alice@org_1",
      client: "cursor",
      organisation: "org_1",
      session: "0a1b2c3d",
      address: "203.0.113.7",
      tool: "delete_prompt",
      domain: "prompts",
      risk: "destroy",
      targets: { prompt_id: "pp-1" },
      dry_run: false,
      outcome: "error",
      code: "PORTKEY",
      status: 404,
      request_id: "req-1",
      duration_ms: 12,
    });
    expect(second).toMatchObject({ tool: "get_prompt", outcome: "ok", key: "admin" });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    audit.close();
  });

  it("adds to what is there", () => {
    const file = join(folder, "audit.log");
    for (const tool of ["a", "b"]) {
      const audit = openAudit(file);
      audit.record({ ...EVENT, tool });
      audit.close();
    }
    expect(linesOf(file).map(({ tool }) => tool)).toEqual(["a", "b"]);
  });

  it("goes on in a new file after the old one was moved away", () => {
    const file = join(folder, "audit.log");
    const audit = openAudit(file);
    audit.record({ ...EVENT, tool: "before" });
    renameSync(file, `${file}.1`);
    audit.record({ ...EVENT, tool: "between" });
    audit.reopen();
    audit.record({ ...EVENT, tool: "after" });
    expect(linesOf(`${file}.1`).map(({ tool }) => tool)).toEqual(["before", "between"]);
    expect(linesOf(file).map(({ tool }) => tool)).toEqual(["after"]);
    audit.close();
  });

  it.each(["stderr", "both", "off"])("goes to %s", (where) => {
    const [file, stderr] = [join(folder, "audit.log"), join(folder, "stderr")];
    const fd = openSync(stderr, "a");
    const audit = openAudit({ stderr: "stderr", both: `stderr, ${file}`, off: "off" }[where] as string, { stderr: fd });
    audit.record(EVENT);
    audit.reopen();
    audit.record(EVENT);
    audit.close();
    closeSync(fd);
    expect(readFileSync(stderr, "utf8").split("\n").length - 1).toBe(where === "off" ? 0 : 2);
    if (where === "both") expect(linesOf(file)).toHaveLength(2);
  });

  it("records a call that scopes kept from being made", () => {
    const file = join(folder, "audit.log");
    const audit = openAudit(file);
    audit.recordRefused(
      {
        principal: "jwt:alice",
        about: { client: "cursor" },
        policy: {} as never,
        credentials: { workspaceKey: "pk-secret" },
      },
      [findRecord("delete_prompt")],
    );
    audit.close();
    expect(linesOf(file)).toEqual([
      expect.objectContaining({
        principal: "jwt:alice",
        client: "cursor",
        tool: "delete_prompt",
        outcome: "not_allowed",
        code: "INSUFFICIENT_SCOPE",
        status: 403,
      }),
    ]);
    expect(readFileSync(file, "utf8")).not.toContain("pk-secret");
  });

  it.each([
    "pk-live-abcdef",
    "sk-proj-abcdefghijkl",
    "Bearer abcdefghijklm",
    "eyJhbGciOiJSUzI1NiJ9.e30.x",
    "A".repeat(60),
  ])("masks an id that looks like a secret: %s", (id) => {
    const file = join(folder, "audit.log");
    const audit = openAudit(file);
    audit.record({ ...EVENT, targets: { api_key_id: id } });
    audit.close();
    expect(readFileSync(file, "utf8")).not.toContain(id);
  });

  it("refuses at start a file it cannot write, and names the setting", () => {
    expect(() => openAudit(join(folder, "no", "such", "folder"))).toThrow(/^MCP_AUDIT_LOG: cannot write to /);
  });

  it("fails no call when the file cannot be written any more, and says so once", () => {
    const warnings: string[] = [];
    const audit = openAudit("/dev/full", { warn: (message) => warnings.push(message) });
    audit.record(EVENT);
    audit.record(EVENT);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("/dev/full");
  });
});

describe("an audit that cannot be written", () => {
  it.each([
    ["drop", undefined],
    ["refuse", "/dev/full"],
  ] as const)("%s: calls are blocked by %s", (overflow, place) => {
    const audit = openAudit("/dev/full", { overflow });
    expect(audit.blockedBy()).toBe(undefined);
    audit.record(EVENT);
    expect(audit.blockedBy()).toBe(place);
    expect(audit.lost()).toBe(0);
    for (let n = 0; n < 5_000; n += 1) audit.record(EVENT);
    expect(audit.lost()).toBeGreaterThan(1_000);
  });

  it("never throws into the call that it records", () => {
    const file = join(folder, "audit.log");
    const warnings: string[] = [];
    const audit = openAudit(file, { warn: (message) => warnings.push(message) });
    audit.record({ ...EVENT, targets: { n: 1n } } as never);
    audit.record({ ...EVENT, targets: undefined } as never);
    expect(warnings).toHaveLength(2);
    audit.record(EVENT);
    expect(linesOf(file)).toHaveLength(1);
  });
});
