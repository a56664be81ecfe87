/** The rooms and their doors (who may import what), the only readers of the environment, and the size of files. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Room to the rooms it may import, itself included by right. A room not listed imports nothing of the project. */
const doors: Record<string, readonly string[]> = {
  codegen: ["src/catalog", "src/errors"],
  "src/errors": [],
  "src/addresses": [],
  "src/log": ["src/errors"],
  "src/catalog": ["generated", "src/errors"],
  "src/portkey": ["src/addresses", "src/catalog", "src/errors", "src/log", "generated"],
  "src/client.ts": ["generated"],
  "src/composites": ["generated", "src/addresses", "src/portkey", "src/catalog", "src/errors", "src/log"],
  "src/mcp": ["src/catalog", "src/portkey", "src/composites", "src/errors", "src/log", "generated"],
  "src/stdio": ["src/mcp", "src/catalog", "src/portkey", "src/errors", "src/log"],
  "src/http": ["src/addresses", "src/mcp", "src/catalog", "src/portkey", "src/config", "src/errors", "src/log"],
  "src/telemetry": ["src/addresses", "src/mcp", "src/catalog", "src/portkey", "src/config", "src/errors", "src/log"],
  "src/sandbox": ["src/catalog", "src/portkey", "src/errors", "src/log", "generated"],
  "src/config": ["src/addresses", "src/catalog", "src/portkey", "src/errors", "src/log"],
  "src/cli": [
    "src/addresses",
    "src/config",
    "src/stdio",
    "src/http",
    "src/mcp",
    "src/telemetry",
    "src/sandbox",
    "src/catalog",
    "src/portkey",
    "src/composites",
    "src/errors",
    "src/log",
    "generated",
    "package.json",
  ],
};

const readersOfEnvironment = /^src\/(config|cli)\//;

const files = ["codegen", "src"].flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(room, name)),
);
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
const roomOf = (file: string) =>
  Object.keys(doors)
    .concat("generated", "package.json")
    .find((room) => file === room || file.startsWith(`${room}/`)) ?? file;
const importsOf = (file: string) =>
  [...(sources.get(file) ?? "").matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map((match) =>
    relative(root, join(root, dirname(file), match[1] as string)),
  );

describe("rooms", () => {
  test.each(files)("%s imports only what its room may", (file) => {
    const room = roomOf(file);
    const foreign = importsOf(file).filter(
      (target) => roomOf(target) !== room && !(doors[room] ?? []).includes(roomOf(target)),
    );
    expect(foreign, `${room} may import ${(doors[room] ?? []).join(", ") || "nothing"}`).toEqual([]);
  });

  test("only src/config and src/cli read the environment and the command line", () => {
    const readers = files.filter(
      (file) =>
        file.startsWith("src/") &&
        !readersOfEnvironment.test(file) &&
        /process\.(env|argv)\b/.test(sources.get(file) ?? ""),
    );
    expect(readers).toEqual([]);
  });

  test("the protocol's SDKs stay in src/mcp and the transports", () => {
    const users = files.filter(
      (file) => /"@modelcontextprotocol\//.test(sources.get(file) ?? "") && !/^src\/(mcp|stdio|http)\//.test(file),
    );
    expect(users).toEqual([]);
  });

  test("codegen does not look at the clock", () => {
    expect(
      files.filter((file) => file.startsWith("codegen/") && /Date\.now|new Date\(/.test(sources.get(file) ?? "")),
    ).toEqual([]);
  });
});

/** Groups of files that import each other, types included: each group is one knot that can only be read as a whole. */
function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const cycles: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file) as number);
    open.push(file);
    for (const target of graph.get(file) ?? []) {
      if (!order.has(target)) visit(target);
      if (open.includes(target)) lowest.set(file, Math.min(lowest.get(file) as number, lowest.get(target) as number));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const group = open.splice(open.indexOf(file));
    if (group.length > 1) cycles.push(group.sort());
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return cycles;
}

describe("cycles", () => {
  test("no files import each other", () => {
    const graph = new Map(files.map((file) => [file, importsOf(file).filter((target) => sources.has(target))]));
    expect(cyclesOf(graph)).toEqual([]);
  });
});

describe("size", () => {
  test("no folder holds more than 25 files", () => {
    const counts = new Map<string, number>();
    for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > 25)).toEqual([]);
  });

  const lines = files
    .map((file) => [file, (sources.get(file) ?? "").split("\n").length] as const)
    .sort((a, b) => a[1] - b[1]);

  test("no file is over 350 lines", () => {
    expect(lines.filter(([, count]) => count > 350)).toEqual([]);
  });

  test("the median file has at most 110", () => {
    expect(lines[Math.floor(lines.length / 2)]?.[1]).toBeLessThanOrEqual(110);
  });
});
