import { describe, expect, test } from "vitest";
import { readNetworkFailure } from "../../src/portkey/transport/network.ts";

/** As fetch throws it: the socket's error is the cause of a TypeError. */
const failed = (code: string) => new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code }) });

describe("whether a request can have reached anybody", () => {
  test.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"])(
    "%s: it did not",
    (code) => {
      expect(readNetworkFailure(failed(code))).toMatchObject({ notSent: true, code });
    },
  );
  test.each(["ECONNRESET", "EPIPE", "ETIMEDOUT", "UND_ERR_SOCKET", "HPE_INVALID_CONSTANT", "ESOMETHING"])(
    "%s: it may have",
    (code) => {
      expect(readNetworkFailure(failed(code))).toMatchObject({ notSent: false, code });
    },
  );
});

test("a certificate that is refused lasts, and nothing was sent", () => {
  expect(readNetworkFailure(failed("CERT_HAS_EXPIRED"))).toMatchObject({ notSent: true, lasting: true });
  expect(readNetworkFailure(failed("ECONNREFUSED"))).toMatchObject({ lasting: false });
});

test.each([
  [failed("CERT_HAS_EXPIRED"), "its certificate has expired"],
  [failed("HPE_INVALID_HEADER_TOKEN"), "what answered does not speak HTTP"],
  [failed("ESOMETHING"), "the connection failed (ESOMETHING)"],
  [new TypeError("fetch failed"), "the connection failed"],
  ["not an error", "the connection failed"],
  [
    new TypeError("fetch failed", {
      cause: new AggregateError([Object.assign(new Error("x"), { code: "ECONNREFUSED" })]),
    }),
    "the connection was refused",
  ],
])("%s is told as %s", (error, reason) => expect(readNetworkFailure(error).reason).toBe(reason));
