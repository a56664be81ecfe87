import { describe, expect, it } from "vitest";
import { createSeal } from "../../../src/http/events/seal.ts";

const key = Buffer.alloc(32, 1);
const sealed = createSeal(key);
const plain = createSeal(null);

describe("a sealed text", () => {
  it.each(["", "x", '{"a":"ü\\n"}', "y".repeat(100_000)])("opens as it was", (text) => {
    expect(sealed.open(sealed.close(text, "p"), "p")).toBe(text);
    expect(plain.open(plain.close(text, "p"), "p")).toBe(text);
  });

  it("tells nothing, and is never the same twice", () => {
    const [one, two] = [sealed.close("secret", "p"), sealed.close("secret", "p")];
    expect(one).not.toBe(two);
    expect(Buffer.from(one.slice(1), "base64").includes("secret")).toBe(false);
  });

  it("opens with its key, in its place and unchanged, or not at all", () => {
    const text = sealed.close("secret", "p");
    const bytes = Buffer.from(text.slice(1), "base64");
    const flipped = (at: number) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      return `1${changed.toString("base64")}`;
    };
    expect(sealed.open(text, "p")).toBe("secret");
    expect(createSeal(Buffer.alloc(32, 2)).open(text, "p")).toBeUndefined();
    expect(sealed.open(text, "q")).toBeUndefined();
    const changed = [0, 11, 12, 27, 28, bytes.length - 1].filter((at) => sealed.open(flipped(at), "p") !== undefined);
    expect(changed).toEqual([]);
    const cut = [0, 1, 20, 38].filter((length) => sealed.open(text.slice(0, length), "p") !== undefined);
    expect(cut).toEqual([]);
  });

  it("is not taken for a plain one, nor a plain one for it", () => {
    expect(plain.open(sealed.close("x", "p"), "p")).toBeUndefined();
    expect(sealed.open(plain.close("x", "p"), "p")).toBeUndefined();
  });
});
