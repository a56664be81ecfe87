import { unpackExtension } from "@anthropic-ai/mcpb";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packMcpb } from "../../scripts/mcpb.ts";
import { INITIALIZE } from "../e2e/built-server.ts";

let folder = "";
const unpacked = () => join(folder, "unpacked");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mcpb-test-"));
  await packMcpb(join(folder, "server.mcpb"));
  await unpackExtension({ mcpbPath: join(folder, "server.mcpb"), outputDir: unpacked(), silent: true });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the server in the bundle starts as its manifest says", async () => {
  const { server } = JSON.parse(await readFile(join(unpacked(), "manifest.json"), "utf8")) as {
    server: { entry_point: string; mcp_config: { command: string; args: string[] } };
  };
  const args = server.mcp_config.args.map((arg) => arg.replace("${__dirname}", unpacked()));
  expect(args).toEqual([join(unpacked(), server.entry_point)]);

  const child = spawn(server.mcp_config.command, [...args, "--sandbox"], {
    env: { PATH: process.env["PATH"] },
    cwd: tmpdir(),
  });
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...INITIALIZE })}\n`);
  const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  child.stdin.end();
  await once(child, "close");
  expect(JSON.parse(line.split("\n")[0] ?? "")).toMatchObject({
    id: 0,
    result: { serverInfo: { name: "portkey-admin-mcp-sandbox" } },
  });
});
