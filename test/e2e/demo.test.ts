import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { useBuiltServer } from "./built-server.ts";

const server = useBuiltServer();
const DEMO = fileURLToPath(new URL("../../scripts/demo.ts", import.meta.url));

async function demo(path: string, ...more: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", DEMO, path, ...more], { env: server.environment });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

test("the demo takes a prompt to production without a surprise", async () => {
  const { code, output } = await demo(server.path());
  expect(output).toContain("Done in");
  expect(code).toBe(0);
});

test("the demo of the edition with service accounts meets none either", async () => {
  const { code, output } = await demo(server.path(), "--edition", "airs");
  expect(output).toContain("Done in");
  expect(code).toBe(0);
});

test("a server that is not there is one line", async () => {
  expect(await demo(server.path("nothing.js"))).toEqual({
    code: 1,
    output: `${server.path("nothing.js")} is not there. Run: npm run build\n`,
  });
});
