/** PORTKEY_TOOL_DOMAINS bounds what a composite reads: no domain is read through a tool of another. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catalogue, startRig, type Rig } from "../guidance/rig.ts";
import { link } from "../mcp/client-link.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

/** The part of Portkey's paths that each domain's requests begin with. */
const reachesOut = catalogue.records.filter(({ calls = [], domain }) =>
  calls.some((name) => catalogue.find(name)?.record.domain !== domain),
);
const ARGUMENTS: Readonly<Record<string, Record<string, unknown>>> = {
  export_workspace: { workspace_id: "ws-main" },
  diff_workspaces: { source: "ws-main", target: "ws-search" },
  promote_config: { slug: "pc-1", target_workspace_id: "ws-search" },
};

describe("with its own domain alone", () => {
  test.each(reachesOut.map(({ name, domain }) => [name, domain] as const))(
    "%s sends nothing outside %s",
    async (name, domain) => {
      rig.seen();
      await rig.registry.callTool(name, ARGUMENTS[name] ?? {}, rig.caller({ domains: [domain] }), link());
      const foreign = rig.seen().filter((request) => !ownRequest(request, domain));
      expect(foreign).toEqual([]);
    },
  );
});

test("export_workspace says what it did not read, and which setting says so", async () => {
  const args = { workspace_id: "ws-main" };
  const result = await rig.registry.callTool("export_workspace", args, rig.caller({ domains: ["workspaces"] }), link());
  const text = JSON.stringify(result);
  expect(text).toContain("PORTKEY_TOOL_DOMAINS does not include");
  expect(rig.seen()).toEqual([]);
  const whole = await rig.registry.callTool("export_workspace", args, rig.caller(), link());
  expect(JSON.stringify(whole)).not.toContain("PORTKEY_TOOL_DOMAINS");
});

function ownRequest(request: string, domain: string): boolean {
  const [method, path = ""] = request.split(" ");
  return catalogue.records.some(
    (record) =>
      record.domain === domain &&
      record.method === method &&
      new RegExp(`^${(record.path ?? "-").replace(/\{[^}]+\}/g, "[^/]+")}$`).test(path.replace(/\?.*/, "")),
  );
}
