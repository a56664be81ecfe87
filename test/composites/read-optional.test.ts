/** A read that the rest of an answer can do without. */
import { describe, expect, test } from "vitest";
import { readOptional } from "../../src/composites/steps/read-optional.ts";
import { PortkeyMcpError } from "../../src/errors/errors.ts";

const read = (failure: Error) =>
  readOptional(
    () => Promise.reject(failure),
    (message) => `without it: ${message}`,
  );

describe("an optional read", () => {
  test("is what was read", async () => {
    const found = await readOptional(
      async () => "found",
      () => "missed",
    );
    expect(found).toBe("found");
  });

  test.each(["PORTKEY", "NOT_ALLOWED", "UNREACHABLE", "BAD_INPUT"] as const)(
    "that ends with %s is done without",
    async (code) => {
      expect(await read(new PortkeyMcpError(code, "no"))).toBe("without it: no");
    },
  );

  test.each([
    ["a call that was cancelled", new PortkeyMcpError("CANCELLED", "The call was cancelled.")],
    ["a defect", new TypeError("x is not a function")],
  ])("does not hide %s", async (_what, failure) => {
    await expect(read(failure)).rejects.toBe(failure);
  });
});
