/** Audit lines as OCSF 1.4.0 has them: the attributes that it requires, with its ids. */
import { describe, expect, test } from "vitest";
import { callEntry, type AuditEntry } from "../../../src/http/audit/audit-entry.ts";
import { ocsfRecord } from "../../../src/http/audit/ocsf.ts";
import type { CallEvent } from "../../../src/mcp/tools/call-event.ts";
import { EVENT } from "./event.ts";

/** Required by the schema's Base Event and API Activity, and by the objects in them. */
const BASE = ["activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid"];
const API_ACTIVITY = [...BASE, "actor", "api", "src_endpoint"];
const METADATA = ["product", "version"];
const PRODUCT = ["vendor_name"];
/** Attributes of the class that stand here; anything else belongs into `unmapped`. */
const KNOWN = new Set([...API_ACTIVITY, "activity_name", "status_id", "status", "resources", "duration", "unmapped"]);

type Json = Record<string, unknown>;
const event = (changes: Partial<CallEvent> = {}) => ocsfRecord(callEntry({ ...EVENT, ...changes }), "1.2.3") as Json;

function missing(value: unknown, names: readonly string[]): string[] {
  return names.filter((name) => (value as Json)[name] === undefined);
}

describe("a call is API Activity", () => {
  const given: [string, Partial<CallEvent>, Json][] = [
    ["a read", { risk: "read", method: "GET", outcome: "ok" }, { activity_id: 2, type_uid: 600302, status_id: 1 }],
    ["a creation", { risk: "create", method: "POST", outcome: "ok" }, { activity_id: 1, type_uid: 600301 }],
    ["an update", { risk: "update", method: "PUT", outcome: "ok" }, { activity_id: 3, type_uid: 600303 }],
    ["a deletion", {}, { activity_id: 4, type_uid: 600304, status_id: 2, severity_id: 2 }],
    ["to publish is to update", { method: "PUT", outcome: "ok" }, { activity_id: 3, status_id: 1, severity_id: 1 }],
    ["a refusal", { outcome: "not_allowed" }, { status_id: 2, severity_id: 3 }],
    ["a question", { outcome: "asked" }, { status_id: 99, status: "asked" }],
    ["a defect", { outcome: "defect" }, { status_id: 2, severity_id: 4 }],
  ];
  const { about: _about, requestId: _requestId, ...few } = EVENT;
  const events: readonly (readonly [what: string, of: (changes: Partial<CallEvent>) => Json])[] = [
    ["with all that is known of it", event],
    [
      "with the least",
      (changes) => ocsfRecord(callEntry({ ...few, ...changes, targets: {} } as CallEvent), "1.2.3") as Json,
    ],
  ];
  describe.each(events)("%s", (_what, eventWith) => {
    test.each(given)("%s", (_title, changes, want) => {
      const made = eventWith(changes);
      expect(made).toMatchObject({ class_uid: 6003, category_uid: 6, ...want });
      expect(missing(made, API_ACTIVITY)).toEqual([]);
      expect(missing(made["metadata"], METADATA)).toEqual([]);
      expect(missing((made["metadata"] as Json)["product"], PRODUCT)).toEqual([]);
      expect(missing(made["api"], ["operation"])).toEqual([]);
      expect(Object.keys(made["actor"] as Json)).toContain("user");
      expect(Object.keys(made["src_endpoint"] as Json).length).toBeGreaterThan(0);
      expect(Object.keys(made).filter((name) => !KNOWN.has(name))).toEqual([]);
      expect(made["time"]).toEqual(expect.any(Number));
    });
  });

  test("who, what, from where, to what", () => {
    const trace = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceparent: "" };
    expect(event({ trace })).toMatchObject({
      metadata: { version: "1.4.0", product: { version: "1.2.3" }, correlation_uid: trace.traceId },
      actor: {
        user: { uid: "jwt:alice@org_1", org: { uid: "org_1" } },
        session: { uid: "0a1b2c3d" },
        app_name: "cursor",
      },
      src_endpoint: { ip: "203.0.113.7" },
      api: { operation: "delete_prompt", request: { uid: "req-1" }, response: { code: 404, error: "PORTKEY" } },
      resources: [{ type: "prompt_id", uid: "pp-1" }],
      duration: 12,
      unmapped: { domain: "prompts", risk: "destroy", outcome: "error", dry_run: false },
    });
  });
});

test.each<AuditEntry["kind"]>(["lines_lost", "chain_started"])("%s is a Base Event", (kind) => {
  const made = ocsfRecord({ kind, time: new Date(), facts: { lost: 3 } } as AuditEntry, "1.2.3") as Json;
  expect(missing(made, BASE)).toEqual([]);
  expect(made).toMatchObject({ class_uid: 0, category_uid: 0, type_uid: 99, unmapped: { audit: kind, lost: 3 } });
});
