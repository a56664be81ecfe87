import { describe, expect, test } from "vitest";
import type { KeyKind } from "../../../src/catalog/record.ts";
import { PortkeyMcpError } from "../../../src/errors/errors.ts";
import { takeKey } from "../../../src/portkey/keys/take-key.ts";
import { context, LIST, portkeyAt, record } from "../records.ts";
import { json, startUpstream } from "../upstream.ts";

const both = { workspaceKey: "wk", adminKey: "ak" };

describe("which key goes out", () => {
  test.each([
    ["any", both, "wk"],
    ["any", { adminKey: "ak" }, "ak"],
    ["workspace", both, "wk"],
    ["workspace", { adminKey: "ak" }, "ak"],
    ["admin", both, "ak"],
    ["admin", { workspaceKey: "wk" }, "wk"],
    ["none", both, undefined],
    ["none", {}, undefined],
    ["any", { workspaceKey: "", adminKey: "ak" }, "ak"],
  ] as [KeyKind, typeof both, string | undefined][])("%s of %o is %s", async (key, credentials, want) => {
    const upstream = await startUpstream((response) => json(response, 200, {}));
    await portkeyAt(upstream.origin).send(record({ key }), {}, context({ credentials }));
    expect(upstream.received[0]?.headers["x-portkey-api-key"]).toBe(want);
    await upstream.close();
  });

  test("a workspace tool with an admin key only warns", () => {
    const take = (key: KeyKind, kind: "workspace" | "admin") =>
      takeKey({ ...LIST, name: "render_prompt", key }, both, { kind, because: "" }, undefined).warnings;
    expect(take("workspace", "admin")).toEqual([
      "render_prompt needs a workspace key (PORTKEY_API_KEY); there is none, so the admin key was used",
    ]);
    expect(take("admin", "workspace")).toEqual([]);
  });
});

describe("without a key", () => {
  test.each(["any", "workspace", "admin"] as const)(
    "a tool for %s names both settings and sends nothing",
    async (key) => {
      const upstream = await startUpstream((response) => json(response, 200, {}));
      const error: unknown = await portkeyAt(upstream.origin)
        .send(record({ key }), {}, context({ credentials: {} }))
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: "MISSING_KEY",
        message: expect.stringMatching(
          /PORTKEY_API_KEY.*PORTKEY_ADMIN_API_KEY|PORTKEY_ADMIN_API_KEY.*PORTKEY_API_KEY/,
        ) as string,
      });
      expect(upstream.received).toHaveLength(0);
      await upstream.close();
    },
  );

  test.each(["pk\nx-evil: 1", "pk live", "schlüssel"])(
    "a key that a header cannot carry is refused without being shown: %j",
    (workspaceKey) => {
      const choose = () => takeKey(LIST, { workspaceKey }, { kind: "workspace", because: "" }, undefined);
      expect(choose).toThrow(PortkeyMcpError);
      expect(choose).toThrow(/^(?!.*(evil|live|schl)).*cannot carry/);
    },
  );
});
