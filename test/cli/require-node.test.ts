/** An old Node is named in one line, before it meets what it cannot read. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import metadata from "../../package.json" with { type: "json" };
import { isNodeNewEnough, LEAST_NODE } from "../../src/cli/require-node.ts";

const pathOf = (file: string) => fileURLToPath(new URL(`../../src/cli/${file}`, import.meta.url));
const asNode = (version: string) =>
  `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"${version}"}})`;

test("is the version of package.json", () => {
  expect(metadata.engines.node).toBe(`>=${LEAST_NODE.join(".")}`);
});

test.each([
  ["20.19.0", true],
  ["20.20.2", true],
  ["22.0.0", true],
  ["100.0.0", true],
  ["20.18.3", false],
  ["18.20.1", false],
  ["8.17.0", false],
])("Node %s is new enough: %s", (version, enough) => {
  expect(isNodeNewEnough(version)).toBe(enough);
});

describe.each(["index.ts", "server.ts"])("%s", (file) => {
  test("says so and ends, whatever it is asked for", () => {
    const node = ["--import", "tsx", "--import", asNode("18.20.1"), pathOf(file), "--version"];
    const { status, stdout, stderr } = spawnSync(process.execPath, node, { encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: "",
      stderr: "portkey-admin-mcp: Node 18.20.1 is too old. Install Node 20.19 or newer.\n",
    });
  });

  test("looks at the version before it imports anything else", () => {
    const imports = [...readFileSync(pathOf(file), "utf8").matchAll(/^import .*$/gm)].map(([line]) => line);
    expect(imports).toEqual(['import "./require-node.ts";']);
    expect(readFileSync(pathOf("require-node.ts"), "utf8")).not.toMatch(/^import /m);
  });
});
