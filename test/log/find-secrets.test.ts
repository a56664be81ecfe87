import { describe, expect, it } from "vitest";
import { maskQuoted, findSecrets } from "../../src/log/mask.ts";

describe("findSecrets", () => {
  const cases: readonly { given: unknown; want: readonly string[] }[] = [
    { given: { name: "openai", key: "sk-abcdef" }, want: ["sk-abcdef"] },
    { given: { configurations: { aws_secret_access_key: "wJalrXUtnFEMI", region: "eu" } }, want: ["wJalrXUtnFEMI"] },
    { given: [{ headers: { "x-custom": "custom-value" } }], want: ["custom-value"] },
    { given: { note: "Bearer abcdef123456" }, want: ["abcdef123456"] },
    { given: { key: "short", password: null, secret: 5 }, want: [] },
    { given: { a: { token: "same-token" }, b: { token: "same-token" } }, want: ["same-token"] },
    { given: { virtual_key: "vk-openai-1" }, want: [] },
    { given: undefined, want: [] },
  ];
  it.each(cases)("$given", ({ given, want }) => {
    expect(findSecrets(given)).toEqual(want);
  });
});

describe("maskQuoted", () => {
  it("hides a secret wherever it is quoted, and leaves the rest as it is", () => {
    const given = {
      changes: [{ field: "key", after: "sk-secret-value-1" }],
      text: "not sk-secret-value-1 again",
      count: 1,
      none: null,
    };
    expect(maskQuoted(given, ["sk-secret-value-1"])).toEqual({
      changes: [{ field: "key", after: "****ue-1" }],
      text: "not ****ue-1 again",
      count: 1,
      none: null,
    });
    expect(maskQuoted(given, [])).toBe(given);
  });
});
