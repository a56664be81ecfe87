/**
 * The agent that needs no model: plays the solution of the task that EVAL_TASK names. It shows that every task can be
 * done with the tools, and that the evaluation itself works.
 */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { readFileSync } from "node:fs";
import { pick } from "./pick.ts";
import { readTasks, type Step } from "./task.ts";

interface Server {
  readonly command: string;
  readonly args: string[];
  readonly env?: Record<string, string>;
}

const task = readTasks().find(({ id }) => id === process.env["EVAL_TASK"]);
if (task === undefined) throw new Error(`There is no task ${String(process.env["EVAL_TASK"])}.`);
const config = JSON.parse(readFileSync(process.env["EVAL_MCP_CONFIG"] as string, "utf8")) as {
  mcpServers: { portkey: Server };
};
const client = new Client({ name: "scripted-agent", version: "1.0.0" });
await client.connect(new StdioClientTransport({ ...config.mcpServers.portkey, stderr: "inherit" }));
const saved = new Map<string, unknown>();
try {
  await client.listTools();
  for (const step of task.solution.steps) await play(step);
  process.stdout.write(`${String(filled(task.solution.answer))}\n`);
} finally {
  await client.close();
}

async function play({ tool, args, save }: Step): Promise<void> {
  const result = await client.callTool({ name: tool, arguments: filled(args) as Record<string, unknown> });
  const [block] = result.content as { text?: string }[];
  if (result.isError === true) throw new Error(`${tool}: ${block?.text ?? ""}`);
  if (Object.keys(save).length === 0) return;
  const answer: unknown = result.structuredContent ?? JSON.parse(block?.text ?? "null");
  for (const [name, path] of Object.entries(save)) saved.set(name, pick(answer, path));
}

/** The value with every `${name}` replaced; a text of only one such name becomes the saved value itself. */
function filled(value: unknown): unknown {
  if (typeof value === "string") {
    const whole = /^\$\{(\w+)\}$/.exec(value)?.[1];
    if (whole !== undefined) return saved.get(whole);
    return value.replace(/\$\{(\w+)\}/g, (_all, name: string) => String(saved.get(name)));
  }
  if (Array.isArray(value)) return value.map(filled);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filled(member)]));
}
