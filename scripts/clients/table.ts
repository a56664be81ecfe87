/** The clients, in the versions that are tested. */
import { AGENTS, connectAgent } from "./agents.ts";
import { connectAiSdk } from "./ai-sdk.ts";
import type { ClientRow } from "./client.ts";
import { connectInspector } from "./inspector.ts";
import { connectLangChain } from "./langchain.ts";
import { connectMcpRemote } from "./mcp-remote.ts";
import { connectMcporter } from "./mcporter.ts";
import { connectSdkV1 } from "./sdk-v1.ts";
import { connectSdkV2 } from "./sdk-v2.ts";

const INSPECTOR = ["@modelcontextprotocol/inspector@2.12.0", "node@24.21.0"];
const NO_CANCEL = "its command line has no way to take a call back";
const SILENT = "it lets go of the call without telling the server";
const AGENT_NOTE = "seen is what its model is sent; a call is taken back by its time limit";

export const CLIENTS: readonly ClientRow[] = [
  { name: "SDK v1", packages: ["@modelcontextprotocol/sdk@1.32.2"], connect: connectSdkV1 },
  { name: "SDK v2, legacy era", packages: ["@modelcontextprotocol/client@2.4.0"], connect: connectSdkV2("legacy") },
  { name: "SDK v2, modern era", packages: ["@modelcontextprotocol/client@2.4.0"], connect: connectSdkV2("modern") },
  {
    name: "AI SDK",
    packages: ["@ai-sdk/mcp@2.0.99", "zod@4.6.7"],
    connect: connectAiSdk,
    noCheck: { "cancel over stdio": SILENT },
  },
  {
    name: "LangChain",
    packages: ["@langchain/mcp-adapters@1.1.4", "@langchain/core@1", "@langchain/langgraph@1"],
    connect: connectLangChain,
  },
  {
    name: "mcporter",
    packages: ["mcporter@0.12.3"],
    connect: connectMcporter,
    note: "over stdio, a call's time limit ends the server with it",
    noCheck: { "cancel over http": SILENT },
  },
  {
    name: "mcp-remote",
    packages: ["mcp-remote@0.15.1", "@modelcontextprotocol/sdk@1.32.2"],
    connect: connectMcpRemote,
    noTransport: { stdio: "it turns HTTP into stdio" },
  },
  {
    name: "Inspector, legacy era",
    packages: INSPECTOR,
    connect: connectInspector("legacy"),
    noCheck: { cancel: NO_CANCEL },
  },
  {
    name: "Inspector, modern era",
    packages: INSPECTOR,
    connect: connectInspector("modern"),
    noCheck: { cancel: NO_CANCEL },
  },
  {
    name: "Claude Code",
    packages: ["@anthropic-ai/claude-code@2.1.330"],
    connect: connectAgent(AGENTS.claudeCode),
    guide: "claude-code",
    note: AGENT_NOTE,
  },
  {
    name: "Codex",
    packages: ["@openai/codex@0.169.0"],
    connect: connectAgent(AGENTS.codex),
    guide: "codex",
    note: `${AGENT_NOTE}; large answers want tool_output_token_limit raised`,
  },
  {
    name: "Gemini CLI",
    packages: ["@google/gemini-cli@0.61.0"],
    connect: connectAgent(AGENTS.gemini),
    guide: "gemini-cli",
    note: AGENT_NOTE,
  },
];
