/**
 * The pages' commands, run as they stand: blocks marked `sh run` must end with 0, blocks marked `sh serve` must start a
 * server. `npx -y portkey-admin-mcp` is this build, as a child of npx that outlives it. What `npm test` runs before the
 * tests anyway is not marked.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useBuiltServer } from "../e2e/built-server.ts";
import { blocksFor, ROOT } from "./pages.ts";

const server = useBuiltServer();
let bin = "";

beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), "commands-"));
  await writeFile(
    join(bin, "npx"),
    `#!/bin/sh\n[ "$1" = -y ] && shift\n[ "$1" = portkey-admin-mcp ] || exit 127\nshift\n"${process.execPath}" ` +
      `"${server.path()}" "$@"\n:\n`,
  );
  await chmod(join(bin, "npx"), 0o755);
});
afterAll(() => rm(bin, { recursive: true, force: true }));

function shell(text: string) {
  const env = { ...server.environment, PATH: `${bin}:${process.env["PATH"]}`, MCP_PORT: "0" };
  // A group of its own, so that what the shell has started ends with it.
  const child = spawn("sh", ["-eu", "-c", text], { cwd: ROOT, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  return { child, output: () => output };
}

describe("ends well", () => {
  test.each(blocksFor("sh", "run"))(
    "%s",
    async (_name, { text }) => {
      const { child, output } = shell(text);
      // Its output closes once nothing that it started is left.
      const [code] = (await once(child, "close")) as [number | null];
      expect({ code, output: output() }).toMatchObject({ code: 0 });
    },
    60_000,
  );
});

describe("serves", () => {
  test.each(blocksFor("sh", "serve"))(
    "%s",
    async (_name, { text }) => {
      const { child, output } = shell(text);
      const ended = once(child, "close");
      const listening = new Promise<void>((resolve) => {
        child.stderr.on("data", () => output().includes('"msg":"listening"') && resolve());
      });
      await Promise.race([listening, ended]);
      const { url } = JSON.parse(
        output()
          .split("\n")
          .find((line) => line.includes('"listening"')) ?? "{}",
      ) as { url?: string };
      expect(url, output()).toBeDefined();
      expect((await fetch(`${url}/health`)).status).toBe(200);
      process.kill(-(child.pid as number), "SIGINT");
      await ended;
    },
    60_000,
  );
});
