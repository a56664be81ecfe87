/** A time means the same on every machine, whatever its zone. */
import { expect, test } from "vitest";
import { call, INITIALIZE, useBuiltServer, useUpstream } from "./built-server.ts";

const server = useBuiltServer();
const upstream = useUpstream();

async function windowsAsked(zone: string, untils: readonly string[]): Promise<string[]> {
  const asked = new Map<string, string>();
  const env = await upstream((request, response) => {
    const query = new URL(request.url ?? "", "http://portkey").searchParams;
    const [from, to] = [query.get("time_of_generation_min"), query.get("time_of_generation_max")];
    if (from !== null) asked.set(`${from}..${to}`, request.url ?? "");
    response.writeHead(200, { "content-type": "application/json" }).end('{"success":true,"data":[],"data_points":[]}');
  });
  const running = server.start([], { ...env, TZ: zone });
  running.send(INITIALIZE);
  const windows: string[] = [];
  for (const [index, until] of untils.entries()) {
    asked.clear();
    running.send(call(index + 1, "explain_cost", { workspace_slug: "w", days: 1, until }));
    await running.answer(index + 1);
    // The window before is asked for as well, for comparison.
    windows.push([...asked.keys()].sort().at(-1) ?? "nothing");
  }
  await running.end();
  return windows;
}

const DAY = "2026-11-01T00:00:00.000Z..2026-11-02T00:00:00.000Z";
const UNTILS = [
  "2026-11-02",
  "2026-11-02T00:00:00",
  "2026-11-02 00:00:00",
  "2026-11-02T00:00:00Z",
  "2026-11-02T05:45:00+05:45",
  "2026-11-01T20:30:00-03:30",
];

test.each(["Asia/Kathmandu", "America/St_Johns"])("in %s the same window is asked for", async (zone) => {
  expect(await windowsAsked(zone, UNTILS)).toEqual(UNTILS.map(() => DAY));
});

test.each(["Asia/Kathmandu", "America/St_Johns"])(
  "in %s a time in another form is refused, and one with an offset goes out as it is",
  async (zone) => {
    const bodies: string[] = [];
    const env = await upstream((request, response) => {
      request.on("data", (chunk: Buffer) => bodies.push(chunk.toString()));
      request.on("end", () =>
        response.writeHead(200, { "content-type": "application/json" }).end('{"success":true,"id":"k","key":"pk"}'),
      );
    });
    const running = server.start([], { ...env, TZ: zone });
    running.send(INITIALIZE, call(1, "explain_cost", { workspace_slug: "w", until: "Nov 2 2026" }));
    expect(JSON.stringify(await running.answer(1))).toContain("is no ISO 8601 time");
    const expires_at = "2027-01-01T05:45:00+05:45";
    const key = { type: "workspace", sub_type: "service", name: "k", scopes: ["prompts.list"], workspace_id: "w" };
    running.send(call(2, "create_api_key", { ...key, expires_at }));
    expect(JSON.stringify(await running.answer(2))).not.toContain("documented format");
    expect(bodies.join("")).toContain(`"expires_at":"${expires_at}"`);
    await running.end();
  },
);
