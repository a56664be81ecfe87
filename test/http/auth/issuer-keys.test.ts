import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { createIssuerKeys } from "../../../src/http/auth/issuer-keys.ts";
import { createSignedTokens, InvalidToken, type VerifyToken } from "../../../src/http/auth/signed-tokens.ts";
import { makeKey, sign, startIssuer, type Issuer, type SigningKey } from "./issuer.ts";
import { listen } from "../../listen.ts";

const AUDIENCE = "https://mcp.example.com/mcp";
const open: Issuer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((issuer) => issuer.close()));
});

async function start(keys: readonly SigningKey[], path?: string): Promise<Issuer> {
  const issuer = await startIssuer(keys, path);
  open.push(issuer);
  return issuer;
}

function verifier(
  issuer: Issuer,
  times: { cooldownMs?: number; intervalMs?: number; timeoutMs?: number; staleMs?: number } = {},
  warnings: string[] = [],
): VerifyToken {
  const keys = createIssuerKeys({
    issuer: issuer.url,
    jwksUrl: null,
    intervalMs: 10,
    warn: (message) => warnings.push(message),
    ...times,
  });
  return createSignedTokens({ issuer: issuer.url, audience: [AUDIENCE], algorithms: ["ES256"], keys });
}

const tokenOf = (key: SigningKey, issuer: Issuer, more: object = {}) =>
  sign(key, { iss: issuer.url, aud: AUDIENCE, jti: crypto.randomUUID(), ...more });

describe("rotation of the issuer's keys", () => {
  it("under load fails no valid call, and one cooldown later accepts no retired key", async () => {
    let current = await makeKey("key-0");
    const issuer = await start([current]);
    const cooldownMs = 150;
    const intervalMs = 50;
    const verify = verifier(issuer, { cooldownMs, intervalMs });
    const retired: { token: string; at: number }[] = [];
    let [accepted, running] = [0, true];
    const failures: unknown[] = [];
    const wronglyAccepted: number[] = [];

    const caller = async () => {
      while (running) {
        // Signed before the await below lets a rotation in: such a token is valid when it is sent.
        const key = current;
        const token = await tokenOf(key, issuer);
        if (key !== current) continue;
        await verify(token).then(
          () => (accepted += 1),
          (error: unknown) => failures.push(error),
        );
        await delay(1);
      }
    };
    const intruder = async () => {
      while (running) {
        const old = retired.at(-1);
        if (old !== undefined && Date.now() - old.at > cooldownMs + 50) {
          await verify(old.token).then(
            () => wronglyAccepted.push(Date.now() - old.at),
            () => undefined,
          );
        }
        await delay(5);
      }
    };
    const rotator = async () => {
      for (let round = 1; round <= 4; round += 1) {
        await delay(300);
        const next = await makeKey(`key-${round}`);
        const last = current;
        const token = await tokenOf(last, issuer);
        // As an issuer does it: the new key is published, then used; the old one goes with the next rotation of the
        // set.
        issuer.keys = [next.publicJwk, last.publicJwk];
        current = next;
        await delay(100);
        issuer.keys = [next.publicJwk];
        retired.push({ token, at: Date.now() });
      }
      await delay(300);
      running = false;
    };
    const started = performance.now();
    await Promise.all([rotator(), intruder(), ...Array.from({ length: 8 }, caller)]);
    const intervals = (performance.now() - started) / intervalMs;

    expect(failures).toEqual([]);
    expect(accepted).toBeGreaterThan(200);
    expect(wronglyAccepted).toEqual([]);
    // At most one fetch in an interval, however many calls there are; the first also asked for the issuer's metadata.
    expect(issuer.fetches).toBeLessThan(intervals + 3);
  });

  it("without any overlap is noticed with the first token of the new key", async () => {
    const [first, second] = await Promise.all([makeKey("a"), makeKey("b")]);
    const issuer = await start([first]);
    const verify = verifier(issuer, { cooldownMs: 60_000 });
    await verify(await tokenOf(first, issuer));
    issuer.keys = [second.publicJwk];
    await expect(verify(await tokenOf(second, issuer))).resolves.toMatchObject({ subject: "alice" });
    await expect(verify(await tokenOf(first, issuer))).rejects.toThrow("does not publish");
  });

  it("refuses a token it has accepted before once its key is gone", async () => {
    const [first, second] = await Promise.all([makeKey("a"), makeKey("b")]);
    const issuer = await start([first]);
    const verify = verifier(issuer, { cooldownMs: 30 });
    const token = await tokenOf(first, issuer);
    await verify(token);
    issuer.keys = [second.publicJwk];
    await delay(40);
    await expect(verify(token)).rejects.toBeInstanceOf(InvalidToken);
  });
});

describe("fetching the keys", () => {
  it("is shared by calls that come together, and not repeated for unknown keys", async () => {
    const [key, stranger] = await Promise.all([makeKey("a"), makeKey("stranger")]);
    const issuer = await start([key]);
    const verify = verifier(issuer, { cooldownMs: 60_000, intervalMs: 100 });
    const good = await Promise.all(Array.from({ length: 20 }, () => tokenOf(key, issuer)));
    await Promise.all(good.map(verify));
    expect(issuer.fetches).toBe(1);

    const bad = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        sign(stranger, { iss: issuer.url, aud: AUDIENCE }, { kid: `stranger-${index}` }),
      ),
    );
    const outcomes = await Promise.allSettled(bad.map(verify));
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
    expect(issuer.fetches).toBeLessThanOrEqual(3);
  });

  it("is not begun for a token of another issuer or one that has expired", async () => {
    const key = await makeKey("a");
    const issuer = await start([key]);
    const verify = verifier(issuer);
    await expect(verify(await sign(key, { iss: "https://other.example", aud: AUDIENCE }))).rejects.toBeInstanceOf(
      InvalidToken,
    );
    await expect(verify(await tokenOf(key, issuer, { exp: 1 }))).rejects.toBeInstanceOf(InvalidToken);
    expect(issuer.fetches).toBe(0);
  });

  it("that fails leaves the last keys in use, warns, and heals", async () => {
    const [key, next] = await Promise.all([makeKey("a"), makeKey("b")]);
    const issuer = await start([key]);
    const warnings: string[] = [];
    const verify = verifier(issuer, { cooldownMs: 30, staleMs: 60_000 }, warnings);
    await verify(await tokenOf(key, issuer));
    issuer.answers["/keys"] = { status: 500, body: "" };
    await delay(40);
    await verify(await tokenOf(key, issuer));
    expect(warnings[0]).toContain("/keys answered 500");
    issuer.answers = {};
    issuer.keys = [next.publicJwk];
    await delay(20);
    await verify(await tokenOf(next, issuer));
  });

  it("that fails for too long leaves no keys in use", async () => {
    const key = await makeKey("a");
    const issuer = await start([key]);
    const verify = verifier(issuer, { cooldownMs: 20, staleMs: 60 });
    await verify(await tokenOf(key, issuer));
    issuer.answers["/keys"] = { status: 500, body: "" };
    await delay(80);
    await expect(verify(await tokenOf(key, issuer))).rejects.toThrow("No keys of");
  });

  const BROKEN: readonly {
    name: string;
    path: string;
    answer: (issuer: Issuer) => Issuer["answers"][string];
    want: string;
  }[] = [
    {
      name: "metadata of another issuer",
      path: "/.well-known/openid-configuration",
      answer: ({ url }) => ({ status: 200, body: JSON.stringify({ issuer: `${url}/`, jwks_uri: `${url}/keys` }) }),
      want: "speaks for",
    },
    {
      name: "metadata without jwks_uri",
      path: "/.well-known/openid-configuration",
      answer: ({ url }) => ({ status: 200, body: JSON.stringify({ issuer: url }) }),
      want: "names no jwks_uri",
    },
    {
      name: "a jwks_uri over http",
      path: "/.well-known/openid-configuration",
      answer: ({ url }) => ({
        status: 200,
        body: JSON.stringify({ issuer: url, jwks_uri: "http://keys.example/jwks" }),
      }),
      want: "not https",
    },
    {
      name: "metadata that is not JSON",
      path: "/.well-known/openid-configuration",
      answer: () => ({ status: 200, body: "<html>" }),
      want: "did not answer with JSON",
    },
    {
      name: "keys that redirect to another host",
      path: "/keys",
      answer: ({ url }) => ({
        status: 302,
        body: "",
        headers: { location: `${url.replace("127.0.0.1", "127.0.0.2")}/elsewhere` },
      }),
      want: "another host",
    },
    {
      name: "keys that redirect in a circle",
      path: "/keys",
      answer: () => ({ status: 301, body: "", headers: { location: "/keys" } }),
      want: "too often",
    },
    {
      name: "keys that redirect to nothing",
      path: "/keys",
      answer: () => ({ status: 307, body: "", headers: { location: "/elsewhere" } }),
      want: "answered 404",
    },
    { name: "keys that are no key set", path: "/keys", answer: () => ({ status: 200, body: "[]" }), want: "malformed" },
    {
      name: "keys without end",
      path: "/keys",
      answer: () => ({ status: 200, body: `{"keys":["${"x".repeat(300_000)}"]}` }),
      want: "more than 262144 bytes",
    },
  ];
  it.each(BROKEN)("refuses $name", async ({ path, answer, want }) => {
    const key = await makeKey("a");
    const issuer = await start([key]);
    issuer.answers[path] = answer(issuer);
    const warnings: string[] = [];
    const verify = verifier(issuer, {}, warnings);
    await expect(verify(await tokenOf(key, issuer))).rejects.toThrow("No keys of");
    expect(warnings.join()).toContain(want);
    // And says so at once to the next call instead of asking again.
    const started = performance.now();
    await expect(verify(await tokenOf(key, issuer))).rejects.toThrow("No keys of");
    expect(performance.now() - started).toBeLessThan(100);
    expect(warnings).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308])("follows a redirect (%i) within the issuer's host", async (status) => {
    const key = await makeKey("a");
    const issuer = await start([key], "/realms/a");
    issuer.answers["/realms/a/keys"] = { status, body: "", headers: { location: "/moved" } };
    issuer.answers["/moved"] = { status: 200, body: JSON.stringify({ keys: issuer.keys }) };
    await verifier(issuer)(await tokenOf(key, issuer));
  });

  it("gives up on an issuer that does not answer in time", async () => {
    const key = await makeKey("a");
    const issuer = await start([key]);
    const { createServer } = await import("node:net");
    const silent = createServer(() => undefined);
    const { port } = await listen(silent);
    const keys = createIssuerKeys({ issuer: issuer.url, jwksUrl: `http://127.0.0.1:${port}/keys`, timeoutMs: 50 });
    try {
      const started = performance.now();
      await expect(keys.freshen()).rejects.toThrow("No keys of");
      expect(performance.now() - started).toBeLessThan(2_000);
    } finally {
      silent.close();
    }
  });

  it.each([
    [
      "https://id.example",
      [
        "https://id.example/.well-known/oauth-authorization-server",
        "https://id.example/.well-known/openid-configuration",
      ],
    ],
    [
      "https://id.example/realms/main/",
      [
        "https://id.example/.well-known/oauth-authorization-server/realms/main",
        "https://id.example/.well-known/openid-configuration/realms/main",
        "https://id.example/realms/main/.well-known/openid-configuration",
      ],
    ],
  ])("finds the metadata of %s", async (issuer, want) => {
    const { metadataAddresses } = await import("../../../src/http/auth/discovery.ts");
    expect(metadataAddresses(issuer)).toEqual(want);
  });
});
