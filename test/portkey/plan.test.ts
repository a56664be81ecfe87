import { expect, test } from "vitest";
import { callRecord } from "../../src/portkey/call-record.ts";
import { context, CREATE, KEY, portkeyAt, UPDATE } from "./records.ts";
import { json, startUpstream } from "./upstream.ts";

const OPTIONS = { maxResultBytes: 40_000 };

test("a dry run shows the very request that is sent, secrets masked, and sends nothing", async () => {
  const upstream = await startUpstream((response) => json(response, 200, {}));
  const portkey = portkeyAt(upstream.origin, { userAgent: "test/1" });
  const given = { name: "x", key: "sk-0123456789abcdef", config: { targets: [{ api_key: "short", weight: null }] } };
  const dry = await callRecord(
    portkey,
    { record: CREATE, args: { ...given, dry_run: true }, context: context() },
    OPTIONS,
  );
  expect(upstream.received).toHaveLength(0);
  expect(dry.body).toEqual({
    dry_run: true,
    would_send: {
      method: "POST",
      url: `${upstream.origin}/v1/things`,
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        "user-agent": "test/1",
        "x-portkey-api-key": `****${KEY.slice(-4)}`,
      },
      body: { name: "x", key: "****cdef", config: { targets: [{ api_key: "****", weight: null }] } },
      key: "workspace",
      key_because: "it is the only one configured",
    },
  });
  expect(dry.text).toBe(JSON.stringify(dry.body));
  expect(dry).not.toHaveProperty("status");

  await callRecord(portkey, { record: CREATE, args: { ...given, dry_run: false }, context: context() }, OPTIONS);
  expect(upstream.received).toMatchObject([
    {
      method: "POST",
      url: "/v1/things",
      body: JSON.stringify({ name: "x", config: given.config, key: given.key }),
      headers: { "user-agent": "test/1", "x-portkey-api-key": KEY },
    },
  ]);
  await upstream.close();
});

test("a dry run makes the same checks", async () => {
  const portkey = portkeyAt("http://127.0.0.1:9");
  await expect(
    callRecord(portkey, { record: UPDATE, args: { thing_id: "..", dry_run: true }, context: context() }, OPTIONS),
  ).rejects.toMatchObject({ code: "BAD_INPUT" });
  await expect(
    callRecord(
      portkey,
      { record: UPDATE, args: { thing_id: "t", dry_run: true }, context: context({ credentials: {} }) },
      OPTIONS,
    ),
  ).rejects.toMatchObject({ code: "MISSING_KEY" });
});

test("headers of a call go out, the key cannot be among them unmasked", async () => {
  const portkey = portkeyAt("http://127.0.0.1:9");
  const plan = await portkey.plan(
    CREATE,
    { name: "x" },
    context({ headers: { "x-portkey-metadata": '{"app":"a"}', authorization: "Bearer 0123456789abc" } }),
  );
  expect(plan.headers).toMatchObject({ "x-portkey-metadata": '{"app":"a"}', authorization: "****9abc" });
  await expect(
    portkey.plan(CREATE, { name: "x" }, context({ headers: { "x-portkey-metadata": "日本" } })),
  ).rejects.toMatchObject({ code: "BAD_INPUT" });
});

test("a request too large to show is folded, and says so", async () => {
  const portkey = portkeyAt("http://127.0.0.1:9");
  const { text, body } = await callRecord(
    portkey,
    { record: CREATE, args: { name: "x", config: { big: "a".repeat(1_000_000) }, dry_run: true }, context: context() },
    OPTIONS,
  );
  expect(text.length).toBeLessThan(40_000);
  expect(body).toMatchObject({
    would_send: { body: { name: "x", config: { big: "[left out: 1000002 bytes, see _cut]" } } },
    _cut: { left_out: ["body.config.big"] },
  });
});

test("a request that was not to be sent is not, even past the dry run", async () => {
  await expect(
    portkeyAt("http://127.0.0.1:9").send(CREATE, { name: "x", dry_run: true }, context()),
  ).rejects.toMatchObject({ code: "BAD_INPUT" });
});

test.each(["", ".", "..", "a\u0000b", "a\nb", "\u007f", "\ud800"])("the id %j is refused", async (thing_id) => {
  await expect(portkeyAt("http://127.0.0.1:9").plan(UPDATE, { thing_id }, context())).rejects.toMatchObject({
    code: "BAD_INPUT",
    details: { problems: [{ path: "thing_id" }] },
  });
});

test.each([
  ["a/b", "a%2Fb"],
  ["a%2fb", "a%252fb"],
  ["...", "..."],
  ["a?b#c", "a%3Fb%23c"],
  ["{thingId}", "%7BthingId%7D"],
  ["$&", "%24%26"],
  [" ", "%20"],
  [7, "7"],
])("the id %j stays one segment", async (thing_id, segment) => {
  const plan = await portkeyAt("http://127.0.0.1:9").plan(UPDATE, { thing_id }, context());
  expect(plan.url).toBe(`http://127.0.0.1:9/v1/things/${segment}`);
});
