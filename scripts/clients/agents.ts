/**
 * Coding agents, each with a stand-in for its model: no account, no network. What is checked is what the model would
 * see.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateContent, messages, responses } from "./agent-apis.ts";
import type { Connection, Ran, Target, ClientWorkspace } from "./client.ts";
import { startStandInModel, type ModelApi, type StandInModel } from "./stand-in-model.ts";

interface Agent {
  readonly api: ModelApi;
  /** Runs one conversation; `callSeconds` bounds a tool call. */
  readonly run: (start: Start) => Promise<Ran>;
}

interface Start {
  readonly target: Target;
  readonly model: StandInModel;
  readonly workspace: ClientWorkspace;
  readonly callSeconds: number;
}

const PROMPT = "Do it.";
const PATIENCE_S = 60;
/** Long enough for a call to reach Portkey, also on a busy machine. */
const IMPATIENCE_S = 8;

/** The way claude, gemini and many others write a server down. */
function entryOf(target: Target, urlField: string): Record<string, unknown> {
  return target.kind === "http"
    ? { [urlField]: target.url }
    : { command: target.command, args: target.args, env: target.env };
}

const claudeCode: Agent = {
  api: messages,
  run: ({ target, model, workspace, callSeconds }) => {
    const server = { type: target.kind, ...entryOf(target, "url") };
    const flags = [
      "--mcp-config",
      JSON.stringify({ mcpServers: { portkey: server } }),
      "--strict-mcp-config",
      "--allowedTools",
      "mcp__portkey",
    ];
    return workspace.run("claude", ["-p", PROMPT, ...flags], {
      env: {
        ANTHROPIC_BASE_URL: model.url,
        ANTHROPIC_API_KEY: "stand-in",
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        MCP_TOOL_TIMEOUT: String(callSeconds * 1000),
      },
    });
  },
};

const codex: Agent = {
  api: responses,
  run: ({ target, model, workspace, callSeconds }) => {
    const server =
      target.kind === "http" ? { url: target.url } : { command: target.command, args: target.args, env: target.env };
    const settings = {
      // Its usual limit shows a model the first and last 6,000 characters of a result.
      tool_output_token_limit: 50_000,
      model_provider: "standin",
      "model_providers.standin": {
        name: "standin",
        base_url: `${model.url}/v1`,
        wire_api: "responses",
        env_key: "MODEL_KEY",
      },
      "mcp_servers.portkey": { ...server, tool_timeout_sec: callSeconds },
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${toml(value)}`]);
    return workspace.run(
      "codex",
      [
        "exec",
        "--skip-git-repo-check",
        "--dangerously-bypass-approvals-and-sandbox",
        "-m",
        "stand-in",
        ...flags,
        PROMPT,
      ],
      { env: { MODEL_KEY: "stand-in" } },
    );
  },
};

const gemini: Agent = {
  api: generateContent,
  run: async ({ target, model, workspace, callSeconds }) => {
    const settings = {
      security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: false } },
      privacy: { usageStatisticsEnabled: false },
      mcpServers: { portkey: { ...entryOf(target, "httpUrl"), timeout: callSeconds * 1000, trust: true } },
    };
    await mkdir(join(workspace.folder, "home", ".gemini"), { recursive: true });
    await writeFile(join(workspace.folder, "home", ".gemini", "settings.json"), JSON.stringify(settings));
    return workspace.run("gemini", ["-p", PROMPT, "--approval-mode", "yolo", "-m", "gemini-2.5-flash"], {
      env: { GEMINI_API_KEY: "stand-in", GOOGLE_GEMINI_BASE_URL: model.url },
    });
  },
};

export const AGENTS = { claudeCode, codex, gemini } as const;

export function connectAgent({ api, run }: Agent): (target: Target, workspace: ClientWorkspace) => Promise<Connection> {
  return async (target, workspace) => {
    const model = await startStandInModel(api);
    const converse = (callSeconds: number) => run({ target, model, workspace, callSeconds });
    return {
      async list() {
        model.expect(undefined);
        const { code, stderr } = await converse(PATIENCE_S);
        if (model.tools.length === 0)
          throw new Error(`the model was told of no tools (exit ${code}): ${stderr.slice(-500)}`);
        return [...model.tools];
      },
      async call(name, args) {
        model.expect({ name, args });
        const { code, stderr } = await converse(PATIENCE_S);
        if (model.result === undefined)
          throw new Error(`the model got no result (exit ${code}): ${stderr.slice(-500)}`);
        return model.result;
      },
      async cancel(name, args, running) {
        model.expect({ name, args });
        const ended = converse(IMPATIENCE_S);
        await Promise.race([running, ended]);
        await ended;
      },
      close: () => model.close(),
    };
  };
}

/** A value as TOML has it on one line. */
function toml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toml).join(",")}]`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .map(([name, inner]) => `${JSON.stringify(name)}=${toml(inner)}`)
      .join(",")}}`;
  return JSON.stringify(value);
}
