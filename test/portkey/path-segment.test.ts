import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { segmentProblem } from "../../src/portkey/request/path-segment.ts";

describe("no id", () => {
  test.each([
    "",
    ".",
    "..",
    "../../admin/users",
    "a/../b",
    "a/..",
    "./a",
    "a/./b",
    "..\\..\\admin",
    "a\\..",
    "%2e%2e",
    "%2E%2e/admin",
    ".%2e/x",
    "%2e%2e%2fadmin%2fusers",
    "..%2fadmin",
    "..%5cadmin",
    "%252e%252e%252fadmin",
    "%25252e%25252e/x",
    "%c0%ae%c0%ae/x",
    "%c0%ae%c0%ae%c0%afx",
    "%e0%80%ae%e0%80%ae/x",
    "%u002e%u002e/x",
    "．．／admin",
    "..／admin",
    "..＼admin",
    "%EF%BC%8E%EF%BC%8E%EF%BC%8Fadmin",
    "․․/x",
    "‥/x",
    "..∕x",
    "..⁄x",
    "..;/x",
    "..;a=b/x",
    ".. /x",
    " ../x",
    "..\u200b/x",
    "\u202e../x",
    "x/%2e%2e",
    "a\u0000b",
    "a%00b",
    "a%0d%0ab",
    "a\nb",
    "x".repeat(2_001),
    `%${"25".repeat(10)}2e%${"25".repeat(10)}2e`,
  ])("%s", (id) => expect(segmentProblem(id)).toMatch(/^must /));
});

describe("an id", () => {
  test.each([
    "pp-checkout-1",
    "b8f1c1b2-7a35-4a8e-9f6d-0d2f0c1e2a3b",
    "meta-llama/Llama-3.1-70B-Instruct",
    "@openai/gpt-4o",
    "gpt-4.1",
    "...",
    "a..b",
    "v1.2..",
    ".hidden",
    "anthropic.claude-3-5-sonnet-20241022-v2:0",
    "arn:aws:bedrock:us-east-1::foundation-model/x",
    "100%",
    "50%25",
    "a b",
    "käse",
    "東京",
    "user@example.com",
    "a+b",
    "a?b#c&d=e",
    "/models/x",
    "a//b",
  ])("%s", (id) => expect(segmentProblem(id)).toBeUndefined());
});

test("however a dot segment is encoded, it is refused", () => {
  const encodings = [
    (text: string) => encodeURIComponent(text).replaceAll(".", "%2e"),
    (text: string) => text.replaceAll(".", "%2E"),
    (text: string) => text.replaceAll("/", "%2f").replaceAll("\\", "%5C"),
    (text: string) => text.replaceAll(".", "．"),
    (text: string) => text.replaceAll("/", "／"),
    (text: string) => text.replaceAll(".", "%c0%ae"),
    (text: string) => text.replaceAll("%", "%25"),
  ];
  const word = fc.stringMatching(/^[a-z0-9-]{0,8}$/);
  const encode = fc.array(fc.constantFrom(...encodings), { maxLength: 5 });
  fc.assert(
    fc.property(
      word,
      fc.constantFrom(".", ".."),
      fc.constantFrom("/", "\\"),
      word,
      encode,
      (before, dots, slash, after, steps) => {
        const plain = [before, dots, after].join(slash);
        return segmentProblem(steps.reduce((text, step) => step(text), plain)) !== undefined;
      },
    ),
    { numRuns: 2_000, seed: 16 },
  );
});
