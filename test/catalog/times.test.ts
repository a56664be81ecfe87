import { afterEach, describe, expect, test } from "vitest";
import { readHttpDate, readTime } from "../../src/catalog/times.ts";

const ZONES = ["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati"];
const before = process.env["TZ"];
afterEach(() => {
  if (before === undefined) delete process.env["TZ"];
  else process.env["TZ"] = before;
});

describe.each(ZONES)("on a machine in %s", (zone) => {
  test.each([
    ["2026-11-02", "2026-11-02T00:00:00.000Z"],
    ["2026-11", "2026-11-01T00:00:00.000Z"],
    ["2026-11-02T00:00:00", "2026-11-02T00:00:00.000Z"],
    ["2026-11-02 00:00:00", "2026-11-02T00:00:00.000Z"],
    ["2026-11-02T10:30", "2026-11-02T10:30:00.000Z"],
    ["2026-11-02T10:30:00.123456Z", "2026-11-02T10:30:00.123Z"],
    ["2026-11-02t10:30:00z", "2026-11-02T10:30:00.000Z"],
    ["2026-11-02T05:45:00+05:45", "2026-11-02T00:00:00.000Z"],
    ["2026-11-02T05:30:00+0530", "2026-11-02T00:00:00.000Z"],
    ["2026-11-02T05:00:00+05", "2026-11-02T00:00:00.000Z"],
    ["2026-11-01T20:30:00-03:30", "2026-11-02T00:00:00.000Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
    ["2026-11-02T24:00:00Z", "2026-11-03T00:00:00.000Z"],
  ])("%s is %s", (text, expected) => {
    process.env["TZ"] = zone;
    expect(new Date(readTime(text) ?? NaN).toISOString()).toBe(expected);
  });

  test.each([
    ["Sun, 06 Nov 1994 08:49:37 GMT"],
    ["Sun, 06 Nov 1994 08:49:37 UTC"],
    ["Sun, 06 Nov 1994 03:49:37 -0500"],
    ["Sunday, 06-Nov-94 08:49:37 GMT"],
    ["Sun Nov  6 08:49:37 1994"],
    ["Sun, 06 Nov 1994 08:49:37"],
    [" Sun, 06 Nov 1994 08:49:37 "],
    ["1994-11-06T08:49:37"],
    ["1994-11-06 08:49:37"],
    ["1994-11-06T08:49:37Z"],
    ["1994-11-06T14:19:37+05:30"],
  ])("the header's date %s is the same moment", (text) => {
    process.env["TZ"] = zone;
    expect(new Date(readHttpDate(text) ?? NaN).toISOString()).toBe("1994-11-06T08:49:37.000Z");
  });
});

test.each([
  "Nov 2 2026",
  "2026-02-30",
  "2026-13-01",
  "2025-02-29",
  "2026-11-02T25:00:00Z",
  "2026-11-02T00:60:00Z",
  "2026-11-02T00:00:00+24:00",
  "2026-11-02T00:00:00+05:60",
  "2026-11T00:00:00Z",
  "2026-11-02T00:00:00 UTC",
  "11/02/2026",
  "",
  "yesterday",
  `2026-11-02T00:00:00${"0".repeat(1000)}`,
])("%s is no time", (text) => expect(readTime(text)).toBeUndefined());
