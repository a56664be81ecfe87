/** The tables of requests: what is read of them, and what is told of mistakes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readRequests, withoutRequests } from "../../../codegen/search/requests.ts";

let openapi = "";
beforeEach(() => {
  openapi = mkdtempSync(join(tmpdir(), "portkey-requests-"));
});
afterEach(() => rmSync(openapi, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(openapi, name)), { recursive: true });
  writeFileSync(join(openapi, name), text);
}

const names = new Set(["list_keys", "delete_key", "list_models"]);
const read = (isWhole = true) => readRequests({ openapi, edition: "small", names, isWhole });

test("the shared requests are read before the edition's own, file by file", async () => {
  write("requests/keys.yaml", "list_keys: [which keys are there]\n");
  write("requests/models.yaml", "list_models:\n  - what can we call\n  - models please\n");
  write("small/requests/keys.yaml", "delete_key: [throw it away]\n");
  expect(await read()).toEqual([
    { tool: "list_keys", text: "which keys are there" },
    { tool: "list_models", text: "what can we call" },
    { tool: "list_models", text: "models please" },
    { tool: "delete_key", text: "throw it away" },
  ]);
});

test("an edition without any has none", async () => {
  expect(await read()).toEqual([]);
});

describe("a mistake is told with file and line", () => {
  test.each([
    [
      "an unknown tool, with the closest",
      "list_key: [a]\n",
      "keys.yaml:1: list_key: no tool is called so; the closest is list_keys",
    ],
    [
      "a request that is given twice",
      "list_keys: [a]\ndelete_key: [b, a]\n",
      /keys\.yaml:2: .*is a request for list_keys already/,
    ],
    ["a request of no words", 'list_keys:\n  - a\n  - ""\n', /keys\.yaml:3: /],
    ["a text in the place of a list", "list_keys: all keys\n", /keys\.yaml:1: list_keys: /],
  ])("%s", async (_what, text, told) => {
    write("requests/keys.yaml", text);
    await expect(read()).rejects.toThrowError(told);
  });

  test("one request in the shared table and in the edition's", async () => {
    write("requests/keys.yaml", "list_keys: [a]\n");
    write("small/requests/keys.yaml", "delete_key: [a]\n");
    await expect(read()).rejects.toThrowError(/small\/requests\/keys\.yaml:1: /);
  });
});

test("another edition's tools may stand in the shared table, but not in the edition's own", async () => {
  write("requests/keys.yaml", "rotate_key: [a new secret]\n");
  await expect(read(false)).resolves.toHaveLength(1);
  write("small/requests/keys.yaml", "renew_key: [a newer secret]\n");
  await expect(read(false)).rejects.toThrowError(/small\/requests\/keys\.yaml:1: renew_key/);
});

test("tools that nobody asks for are named", () => {
  expect(withoutRequests(["list_keys", "delete_key"], [{ tool: "list_keys", text: "a" }])).toEqual(["delete_key"]);
});
