/**
 * `npm run test:http`: asks a running HTTP server the least that it must answer: /health, /ready, initialize and
 * tools/list, in both eras. MCP_TEST_BASE_URL (http://127.0.0.1:3000), MCP_TEST_MCP_URL (base/mcp), and, where the
 * server asks who calls, MCP_TEST_BEARER_TOKEN or MCP_TEST_AUTH_HEADER (a whole header, as in "X-Api-Key: abc").
 */
import { requireArguments } from "../codegen/read-arguments.ts";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

requireArguments({
  help: `usage: npm run test:http

Asks a running HTTP server the least that it must answer.

  MCP_TEST_BASE_URL      its address (http://127.0.0.1:3000)
  MCP_TEST_MCP_URL       its endpoint (the address with /mcp)
  MCP_TEST_BEARER_TOKEN  or MCP_TEST_AUTH_HEADER, a whole header, where it asks who calls
`,
  most: 0,
  options: {},
});
const { MCP_TEST_BASE_URL, MCP_TEST_MCP_URL, MCP_TEST_BEARER_TOKEN, MCP_TEST_AUTH_HEADER } = process.env;
const base = (MCP_TEST_BASE_URL || "http://127.0.0.1:3000").replace(/\/$/, "");
const mcp = new URL(MCP_TEST_MCP_URL || `${base}/mcp`);

const steps: readonly (readonly [name: string, step: () => Promise<string>])[] = [
  ["/health", async () => expectStatus("/health", "ok")],
  ["/ready", async () => expectStatus("/ready", "ready", "degraded")],
  ["2025-11-25", () => listTools("legacy")],
  ["2026-07-28", () => listTools("modern")],
];

for (const [name, step] of steps) {
  try {
    process.stdout.write(`ok   ${name}: ${await step()}\n`);
  } catch (error) {
    process.stdout.write(`FAIL ${name}: ${reason(error)}\n`);
    process.exitCode = 1;
  }
}

async function expectStatus(path: string, ...wanted: string[]): Promise<string> {
  const response = await fetch(base + path, { signal: AbortSignal.timeout(10_000) });
  const { status } = (await response.json()) as { status?: unknown };
  if (!response.ok || !wanted.includes(String(status)))
    throw new Error(`HTTP ${response.status}, status ${JSON.stringify(status)}`);
  return String(status);
}

/** Connects as a client of that era does, and reads the list of tools. */
async function listTools(era: "legacy" | "modern"): Promise<string> {
  const mode = era === "legacy" ? "legacy" : { pin: "2026-07-28" };
  const client = new Client({ name: "smoke-test", version: "1" }, { versionNegotiation: { mode } });
  const transport = new StreamableHTTPClientTransport(mcp, { requestInit: { headers: authorization() } });
  try {
    await client.connect(transport, { timeout: 10_000 });
    const { tools } = await client.listTools();
    if (tools.length === 0) throw new Error("no tools are listed");
    const server = client.getServerVersion();
    await transport.terminateSession();
    return `${server?.name} ${server?.version}, ${tools.length} tools`;
  } finally {
    await client.close();
  }
}

function authorization(): Record<string, string> {
  if (MCP_TEST_BEARER_TOKEN) return { Authorization: `Bearer ${MCP_TEST_BEARER_TOKEN}` };
  if (!MCP_TEST_AUTH_HEADER) return {};
  const colon = MCP_TEST_AUTH_HEADER.indexOf(":");
  if (colon < 1) throw new Error('MCP_TEST_AUTH_HEADER must be a whole header, as in "X-Api-Key: abc"');
  return { [MCP_TEST_AUTH_HEADER.slice(0, colon).trim()]: MCP_TEST_AUTH_HEADER.slice(colon + 1).trim() };
}

function reason(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { message?: string } };
  return [message ?? String(error), cause?.message].filter(Boolean).join(": ");
}
