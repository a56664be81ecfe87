/** Whatever a client asks for, people are sent to what was registered, or to another port of it on their machine. */
import { array, assert, constantFrom, oneof, property, string, webUrl } from "fast-check";
import { describe, expect, it } from "vitest";
import { isAdmitted, isRegistered, redirectFault } from "../../../src/http/oauth-proxy/redirect-addresses.ts";

const KNOWN = [
  "http://127.0.0.1/callback",
  "http://[::1]:7000/cb?x=1",
  "http://localhost:3000/",
  "https://app.example.com/cb",
  "cursor://anysphere/oauth",
];

/** Pieces of addresses in any order, which is what attacks on such a comparison look like. */
const PIECES = constantFrom(
  ..."http: https: cursor: javascript: // / \\ @ : # ? . .. %2e %40 %00 127.0.0.1 [::1] localhost evil.example".split(
    " ",
  ),
  ..."app.example.com anysphere :80 :443 :3000 :99999 :-1 /callback /cb /oauth ?x=1 &x=2 \u2024 \u3002 \t".split(" "),
);
const ADDRESSES = oneof(
  array(PIECES, { maxLength: 8 }).map((pieces) => pieces.join("")),
  constantFrom(...KNOWN).chain((known) => array(PIECES, { maxLength: 3 }).map((more) => known + more.join(""))),
  constantFrom(...KNOWN).chain((known) => array(PIECES, { maxLength: 3 }).map((more) => more.join("") + known)),
  webUrl({ withQueryParameters: true, withFragments: true }),
  string(),
);

describe("an address to send people back to", () => {
  it.each([
    ["https://app.example.com/cb", undefined],
    ["http://localhost:3000/cb", undefined],
    ["cursor://anysphere/oauth", undefined],
    ["https://user@app.example.com/cb", "a user name"],
    ["https://:password@app.example.com/cb", "a user name"],
    ["https://user:password@app.example.com/cb", "a user name"],
    ["https://app.example.com/cb#", "a fragment"],
    ["https://app.example.com/cb#x", "a fragment"],
    ["http://app.example.com/cb", "on the person's own machine"],
    ["javascript:alert(1)", "cannot start with javascript:"],
    ["mailto:a@example.com", "cannot start with mailto:"],
    ["cursor:anysphere", "cannot start with cursor:"],
    ["https://app.example.com/a b", "characters that no address has"],
    ["https:\\\\app.example.com", "characters that no address has"],
    ["app.example.com", "is no address"],
    [`https://app.example.com/${"x".repeat(2_048)}`, "is no address"],
    [7, "is no address"],
  ])("%j is refused with: %s", (address, fault) => {
    const said = redirectFault(address);
    expect(said).toEqual(fault === undefined ? undefined : expect.stringContaining(fault));
  });
  it("counts only to the letter, or with another port on this computer", () => {
    assert(
      property(ADDRESSES, (asked) => {
        const known = KNOWN.find((one) => isRegistered(asked, [one]));
        if (known === undefined || asked === known) return;
        const [left, right] = [new URL(asked), new URL(known)];
        expect(right.protocol).toBe("http:");
        left.port = right.port = "";
        expect(left.href).toBe(right.href);
        expect(redirectFault(asked)).toBeUndefined();
      }),
      { numRuns: 5_000 },
    );
  });

  it("that may be registered is https, this computer or an app, and hides nobody behind a name", () => {
    assert(
      property(ADDRESSES, (asked) => {
        if (redirectFault(asked) !== undefined) return;
        const { protocol, hostname, username, hash } = new URL(asked);
        expect([username, hash]).toEqual(["", ""]);
        if (protocol === "http:") expect(["127.0.0.1", "[::1]", "localhost"]).toContain(hostname);
        expect(["javascript:", "data:", "file:"]).not.toContain(protocol);
        const names = ["app.example.com", "cursor:"];
        const admitted = isAdmitted(asked, names);
        if (protocol === "https:") expect(admitted).toBe(new URL(asked).host === "app.example.com");
      }),
      { numRuns: 5_000 },
    );
  });
});
