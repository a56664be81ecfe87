/** Values in quotes, as containers hand them on from a file of variables; a shell would have taken the quotes off. */
import { expect, test } from "vitest";
import { HTTP_SETTINGS } from "../../src/config/http-settings.ts";
import { readSettings } from "../../src/config/read-settings.ts";
import { SETTINGS } from "../../src/config/settings.ts";

const TABLE = { ...SETTINGS, ...HTTP_SETTINGS };
const names = Object.keys(TABLE) as (keyof typeof TABLE)[];

/** A value that the setting takes without quotes, as far as its name and its default show one. */
function sampleOf(name: keyof typeof TABLE): string {
  const { fallback } = TABLE[name] as { readonly fallback: unknown };
  if (/URL|PROXY$/.test(name)) return "https://a.example";
  return ["string", "number", "boolean"].includes(typeof fallback) ? String(fallback) : "x";
}

test.each(names)("%s is refused in quotes", (name) => {
  const mistakesIn = (quote: string) => {
    const mistakes: string[] = [];
    const text = `${quote}${sampleOf(name)}${quote}`;
    readSettings({ [name]: TABLE[name] }, { env: { [name]: text }, flags: {} }, mistakes);
    return mistakes;
  };
  const refusal = [expect.stringMatching(new RegExp(`^${name} `)) as string];
  expect([mistakesIn('"'), mistakesIn("'")]).toEqual([refusal, refusal]);
});

test.each(["MCP_JWT_AUDIENCE", "NO_PROXY", "MCP_AUDIT_LOG", "MCP_REDIS_KEY_PREFIX", "PORTKEY_TOOLS"] as const)(
  "%s is told what to do",
  (name) => {
    const mistakes: string[] = [];
    readSettings({ [name]: TABLE[name] }, { env: { [name]: `"x"` }, flags: {} }, mistakes);
    expect(mistakes).toEqual([`${name} is in quotes, which count as part of it. Leave them out.`]);
  },
);

test.each([`it's`, `"a" or "b`, `'a`, `[{"a": "b"}]`])("%s, which has quotes inside, is a value", (text) => {
  const mistakes: string[] = [];
  readSettings({ NO_PROXY: TABLE.NO_PROXY }, { env: { NO_PROXY: text }, flags: {} }, mistakes);
  expect(mistakes).toEqual([]);
});
