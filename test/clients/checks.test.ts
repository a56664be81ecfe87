/** The checks of test:clients find what is wrong: each is given a client with one fault. */
import { describe, expect, test } from "vitest";
import { cancelCheck, SIMPLE } from "../../scripts/clients/checks.ts";
import type { Answer, Connection } from "../../scripts/clients/client.ts";
import { startSilentUpstream } from "../../scripts/clients/silent-upstream.ts";

const NAMES = [
  "list_workspaces",
  "get_prompt",
  "migrate_prompt",
  ...Array.from({ length: 200 }, (_, index) => `tool_${index}`),
];

/** A client that is as it must be. */
const good: Connection = {
  list: async () => NAMES,
  async call(tool, args): Promise<Answer> {
    if (tool === "list_workspaces") return { text: '{"data":[{"slug":"production"}]}' };
    if (tool === "get_prompt") return { text: "get_prompt: Portkey answered 404 AB02", isError: true };
    return { text: JSON.stringify(args) };
  },
  close: async () => {},
};

const faults: [check: keyof typeof SIMPLE, title: string, fault: Partial<Connection>, complaint: RegExp][] = [
  [
    "list",
    "a page of the list is missing",
    { list: async () => NAMES.slice(0, 100) },
    /lists 100 tools, not 182 or more/,
  ],
  ["list", "a tool is missing", { list: async () => NAMES.slice(1) }, /list_workspaces is not among/],
  ["call", "the answer is empty", { call: async () => ({ text: "" }) }, /list_workspaces answered/],
  ["call", "the call fails", { call: async () => ({ text: "no", isError: true }) }, /list_workspaces failed: no/],
  [
    "large",
    "the answer is cut",
    { call: async (_tool, args) => ({ text: JSON.stringify(args).slice(0, 12_000) }) },
    /12000 characters arrived/,
  ],
  [
    "error",
    "an error is taken for a success",
    { call: async () => ({ text: "AB02", isError: false }) },
    /takes an error for a success/,
  ],
  [
    "error",
    "an error loses its words",
    { call: async () => Promise.reject(new Error("failed")) },
    /the error reads failed/,
  ],
];

describe("a fault is found", () => {
  test.each(faults)("%s: %s", async (check, _title, fault, complaint) => {
    await expect(SIMPLE[check]({ ...good, ...fault })).rejects.toThrow(complaint);
  });
});

test.each(Object.keys(SIMPLE) as (keyof typeof SIMPLE)[])("%s passes a client that has none", async (check) => {
  await expect(SIMPLE[check](good)).resolves.toBeUndefined();
});

describe("cancel", () => {
  test("passes once the request to Portkey is let go", async () => {
    const upstream = await startSilentUpstream();
    const cancel: Connection["cancel"] = async (_tool, _args, running) => {
      const taken = new AbortController();
      const request = fetch(upstream.env["PORTKEY_BASE_URL"] as string, { signal: taken.signal }).catch(
        () => undefined,
      );
      await running;
      taken.abort();
      await request;
    };
    await expect(cancelCheck({ ...good, cancel }, upstream)).resolves.toBeUndefined();
    await upstream.close();
  });

  test("fails where the client cannot", async () => {
    const upstream = await startSilentUpstream();
    await expect(cancelCheck(good, upstream)).rejects.toThrow("no way to cancel");
    await upstream.close();
  });
});
