import { describe, expect, test } from "vitest";
import {
  bytes,
  flag,
  integer,
  issuer,
  list,
  listenHost,
  oneOf,
  publicUrl,
  secret,
  url,
} from "../../src/config/kinds.ts";

const kinds = {
  bytes,
  flag,
  integer: integer(1, 100),
  issuer,
  list,
  listenHost,
  mode: oneOf("auto", "never"),
  publicUrl,
  secret,
  url,
};

describe("a setting's text is read as", () => {
  const cases: [keyof typeof kinds, string, unknown][] = [
    ["flag", "true", true],
    ["flag", "YES", true],
    ["flag", "1", true],
    ["flag", "off", false],
    ["integer", "1", 1],
    ["integer", "100", 100],
    ["bytes", "65536", 65_536],
    ["bytes", "64kb", 65_536],
    ["bytes", "1 MB", 1_048_576],
    ["list", " a, b,,c ", ["a", "b", "c"]],
    ["listenHost", "[::1]", "::1"],
    ["listenHost", "::", "::"],
    ["listenHost", "0.0.0.0", "0.0.0.0"],
    ["listenHost", "mcp.internal", "mcp.internal"],
    ["mode", "AUTO", "auto"],
    ["secret", "pk-abc+/=", "pk-abc+/="],
    ["url", "https://example.com/v1/", "https://example.com/v1"],
    ["url", "http://Example.com", "http://example.com"],
    ["issuer", "https://tenant.example.com/", "https://tenant.example.com/"],
    ["publicUrl", "https://tools.example.com/portkey/", "https://tools.example.com/portkey"],
    ["publicUrl", "https://tools.example.com/mcp-servers/portkey", "https://tools.example.com/mcp-servers/portkey"],
  ];
  test.each(cases)("%s: %j", (kind, given, want) => {
    expect(kinds[kind].parse(given)).toEqual(want);
  });
});

describe("a setting's text is refused", () => {
  const cases: [keyof typeof kinds, string, string][] = [
    ["flag", "ture", 'is "ture". Use true or false.'],
    ["integer", "1.5", 'is "1.5", which is not a whole number.'],
    ["integer", "1e2", 'is "1e2", which is not a whole number.'],
    ["integer", "ten", 'is "ten", which is not a whole number.'],
    ["integer", "0", "is 0. The least is 1."],
    ["integer", "-5", "is -5. The least is 1."],
    ["integer", "101", "is 101. The most is 100."],
    ["bytes", "1gib", 'is "1gib". Use bytes, or a number with kb or mb, such as 1mb.'],
    ["bytes", "0", 'is "0", which is no usable size.'],
    ...["127.0.0.1:3000", "[::1]:3000", "http://localhost", "[localhost]", "a b"].map(
      (given): [keyof typeof kinds, string, string] => [
        "listenHost",
        given,
        `is "${given}". Give a name or an address alone, such as 127.0.0.1 or ::1; the port is a setting of its own.`,
      ],
    ),
    ["mode", "sometimes", 'is "sometimes". Use one of: auto, never.'],
    ["secret", "two words", "holds a space, a line break or a character that no key has. Copy it again."],
    ["secret", "“quoted”", "holds a space, a line break or a character that no key has. Copy it again."],
    ["url", "api.portkey.ai/v1", 'is "api.portkey.ai/v1", which is not a URL. Use the form https://host/path.'],
    ["url", "ftp://example.com", 'is "ftp://example.com". It must start with https:// (or http://).'],
    ["url", "https://example.com/?a=1", 'is "https://example.com/?a=1". It must end with the path: no ? and no #.'],
    [
      "url",
      "https://me:hush@example.com",
      "has a user name or password in it. Remove it: keys have settings of their own.",
    ],
    [
      "publicUrl",
      "https://x.example.com/mcp",
      'is "https://x.example.com/mcp", and this server has a path /mcp of its own. Give the address ' +
        "without it: https://x.example.com.",
    ],
    [
      "publicUrl",
      "https://a.example.com,https://b.example.com",
      'is "https://a.example.com,https://b.example.com". Give one address; others go into MCP_ALLOWED_HOSTS.',
    ],
    [
      "publicUrl",
      "https://*.example.com",
      'is "https://*.example.com". Give one address; others go into MCP_ALLOWED_HOSTS.',
    ],
    [
      "publicUrl",
      "https://x.example.com/team/mcp/",
      'is "https://x.example.com/team/mcp/". Give it without /mcp, which is added: https://x.example.com/team.',
    ],
    ...["http://0.0.0.0:3000", "http://[::]:3000"].map((given): [keyof typeof kinds, string, string] => [
      "publicUrl",
      given,
      `is "${given}", where a server listens and nobody calls. Give the name that clients use.`,
    ]),
    [
      "publicUrl",
      "https://x.example.com/?a=1",
      'is "https://x.example.com/?a=1". It must end with the path: no ? and no #.',
    ],
    [
      "publicUrl",
      "https://x.example.com/#x",
      'is "https://x.example.com/#x". It must end with the path: no ? and no #.',
    ],
    ["publicUrl", "ftp://x.example.com", 'is "ftp://x.example.com". It must start with https:// (or http://).'],
    [
      "publicUrl",
      "https://me:hush@x.example.com",
      "has a user name or password in it. Remove it: keys have settings of their own.",
    ],
    ["issuer", "tenant", 'is "tenant", which is not a URL. Use the form https://host/path.'],
  ];
  test.each(cases)("%s: %j", (kind, given, want) => {
    expect(() => kinds[kind].parse(given)).toThrow(new Error(want));
  });
});
