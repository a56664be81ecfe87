/** The rooms and their doors (who may import what), the only readers of the environment, and the size of files. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Room to the rooms it may import, itself included by right. A room not listed imports nothing of the project. */
const doors: Record<string, readonly string[]> = {
  codegen: ["src/catalog"],
  "src/errors": [],
  "src/log": ["src/errors"],
  "src/catalog": ["generated", "src/errors"],
  "src/portkey": ["src/catalog", "src/errors", "src/log", "generated"],
  "src/client.ts": ["generated"],
  "src/composites": ["src/portkey", "src/catalog", "src/errors", "src/log"],
  "src/mcp": ["src/catalog", "src/portkey", "src/composites", "src/errors", "src/log", "generated"],
  "src/stdio": ["src/mcp", "src/catalog", "src/portkey", "src/errors", "src/log"],
  "src/http": ["src/mcp", "src/catalog", "src/portkey", "src/config", "src/errors", "src/log"],
  "src/sandbox": ["src/catalog", "src/portkey", "src/errors", "src/log", "generated"],
  "src/config": ["src/catalog", "src/portkey", "src/errors", "src/log"],
  "src/cli": [
    "src/config",
    "src/stdio",
    "src/http",
    "src/mcp",
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

/** From src/http only these types of src/portkey: its inside is closed. */
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

describe("size", () => {
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
