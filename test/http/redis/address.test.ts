import { describe, expect, it } from "vitest";
import { parseRedisUrl } from "../../../src/http/redis/address.ts";

describe("a Redis URL", () => {
  const single = { kind: "single", tls: false, host: "h", port: 6379, db: 0 };
  it.each<[string, object]>([
    ["redis://h", single],
    ["redis://h:7000/3", { ...single, port: 7000, db: 3 }],
    ["rediss://h/", { ...single, tls: true }],
    ["redis://:p%40ss@h", { ...single, password: "p@ss" }],
    ["redis://user:p:w@h", { ...single, username: "user", password: "p:w" }],
    ["redis://[::1]:7000", { ...single, host: "::1", port: 7000 }],
    [" redis://h ", single],
    [
      "redis+cluster://u:p@a:1,b:2",
      {
        kind: "cluster",
        tls: false,
        username: "u",
        password: "p",
        nodes: [
          { host: "a", port: 1 },
          { host: "b", port: 2 },
        ],
      },
    ],
    ["rediss+cluster://a", { kind: "cluster", tls: true, nodes: [{ host: "a", port: 6379 }] }],
    [
      "redis://:p@a:1,redis://:p@b:2/",
      {
        kind: "cluster",
        tls: false,
        password: "p",
        nodes: [
          { host: "a", port: 1 },
          { host: "b", port: 2 },
        ],
      },
    ],
    [
      "redis://a:1,b:2/0",
      {
        kind: "cluster",
        tls: false,
        nodes: [
          { host: "a", port: 1 },
          { host: "b", port: 2 },
        ],
      },
    ],
    [
      "redis+sentinel://:p@a,b:2/main/4",
      {
        kind: "sentinel",
        tls: false,
        password: "p",
        nodes: [
          { host: "a", port: 26379 },
          { host: "b", port: 2 },
        ],
        master: "main",
        db: 4,
      },
    ],
    [
      "rediss+sentinel://a/m?sentinel_username=u&sentinel_password=x%2Fy",
      {
        kind: "sentinel",
        tls: true,
        nodes: [{ host: "a", port: 26379 }],
        master: "m",
        db: 0,
        sentinelUsername: "u",
        sentinelPassword: "x/y",
      },
    ],
  ])("%s", (url, want) => {
    expect(parseRedisUrl(url)).toEqual(want);
  });

  it.each([
    "",
    "h:6379",
    "http://h",
    "redis://",
    "redis://h:0",
    "redis://h:99999",
    "redis://h:x",
    "redis://h/x",
    "redis://h/1/2",
    "redis://a,b/1",
    "redis://:%zz@h",
    "redis+sentinel://a",
    "redis+sentinel://a/",
    "redis+sentinel://a/m/x",
    "redis+else://a",
    "redis://secret@:1",
    "redis://h?password=secret",
    "redis://h/0?secret",
    "redis+cluster://a,b?password=secret",
    "redis+sentinel://a/m?password=secret",
  ])("refuses %j, and repeats nothing of it", (url) => {
    expect(() => parseRedisUrl(url)).toThrow(
      expect.objectContaining({ code: "CONFIG", message: expect.not.stringMatching(/secret|zz/) }),
    );
  });

  const passwords = ["p@ss", "p/w", "100%", "a@b@c", "%w", "@"];
  it.each(
    passwords.flatMap((password) => [
      [password, `redis://:secret${password}@h:6379`] as const,
      [password, `rediss://user:secret${password}@h/1`] as const,
    ]),
  )("says how to write the password %j in %s, and repeats nothing of it", (password, url) => {
    expect(() => parseRedisUrl(url)).toThrow(
      expect.objectContaining({ code: "CONFIG", message: expect.stringMatching(/^(?!.*secret).*write @ as %40/) }),
    );
    const encoded = url.replace(password, encodeURIComponent(password));
    expect(parseRedisUrl(encoded)).toMatchObject({ password: `secret${password}` });
  });
});
