import { describe, expect, it } from "vitest";
import { createRequestStateCodec, digestOf } from "../../src/mcp/modern/request-state.ts";

const STATE = { asked: { a: "1" }, answered: { b: { digest: "2", answer: { action: "accept" } } } };

describe("the sealed request state", () => {
  it("opens to what was sealed, for what it was bound to, with the same secret", () => {
    const sealed = createRequestStateCodec("secret").seal(STATE, "alice");
    expect(createRequestStateCodec("secret").open(sealed, "alice")).toEqual(STATE);
  });

  it("shows nothing of what it holds", () => {
    const sealed = createRequestStateCodec("secret").seal(STATE, "alice");
    expect(Buffer.from(sealed, "base64url").toString("latin1")).not.toContain("accept");
  });

  const refused: readonly (readonly [why: string, open: (sealed: string) => unknown])[] = [
    ["another principal", (sealed) => createRequestStateCodec("secret").open(sealed, "bob")],
    ["another secret", (sealed) => createRequestStateCodec("other").open(sealed, "alice")],
    [
      "a changed byte",
      (sealed) =>
        createRequestStateCodec("secret").open(
          `${sealed.slice(0, 20)}${sealed[20] === "A" ? "B" : "A"}${sealed.slice(21)}`,
          "alice",
        ),
    ],
    ["something appended", (sealed) => createRequestStateCodec("secret").open(`${sealed}-TAMPERED`, "alice")],
    ["characters that are not base64url", (sealed) => createRequestStateCodec("secret").open(`${sealed}!`, "alice")],
    ["a cut", (sealed) => createRequestStateCodec("secret").open(sealed.slice(0, 30), "alice")],
    ["nothing", () => createRequestStateCodec("secret").open("", "alice")],
    [
      "ten minutes later",
      (sealed) => createRequestStateCodec("secret", () => Date.now() + 600_001).open(sealed, "alice"),
    ],
  ];
  it.each(refused)("does not open with %s", (_why, open) => {
    expect(open(createRequestStateCodec("secret").seal(STATE, "alice"))).toBeUndefined();
  });
});

describe("a digest", () => {
  it("is the same for any order of keys and differs with any value", () => {
    expect(digestOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(digestOf({ b: { d: null, c: [1, 2] }, a: 1 }));
    expect(digestOf({ a: [1, 2] })).not.toBe(digestOf({ a: [2, 1] }));
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: "1" }));
    expect(digestOf({})).not.toBe(digestOf(undefined));
  });
});
