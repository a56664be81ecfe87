/** What a certificate's own times mean for who starts a server with it. */
import { describe, expect, test } from "vitest";
import { certificateWarnings } from "../../src/config/tls.ts";

const DAY_MS = 86_400_000;
const VALID = { validFrom: "Nov  1 00:00:00 2026 GMT", validTo: "Dec  1 00:00:00 2026 GMT" };
const END = Date.parse("2026-12-01T00:00:00Z");
const END_IN_WORDS = "2026-12-01T00:00:00.000Z";

describe("a certificate", () => {
  test.each([
    ["in a month says nothing", END - 29 * DAY_MS, []],
    ["in 14 days says nothing", END - 14 * DAY_MS, []],
    ["in less than 14 days is told", END - 14 * DAY_MS + 1, [`expires on ${END_IN_WORDS}, in 13 days.`]],
    ["within a day is told", END - 1, [`expires on ${END_IN_WORDS}, in 0 days.`]],
    ["a moment ago is refused by clients", END + 1, [`expired on ${END_IN_WORDS}, and clients refuse it.`]],
  ])("that ends %s", (_when, now, want) => {
    const warnings = want.map((words) => `MCP_TLS_CERT_PATH: the certificate ${words}`);
    expect(certificateWarnings(VALID, now)).toEqual(warnings);
  });

  test("that does not count yet is told with its beginning", () => {
    expect(certificateWarnings(VALID, Date.parse("2026-10-31T23:59:59Z"))).toEqual([
      "MCP_TLS_CERT_PATH: the certificate is not valid before 2026-11-01T00:00:00.000Z.",
    ]);
  });
});
