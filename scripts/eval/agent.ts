/**
 * The agent of a run: any command that takes the request on stdin and prints its last words. It finds the MCP server in
 * the file that EVAL_MCP_CONFIG names, in the form that most clients read: `{"mcpServers": {"portkey": {command,
 * args}}}`.
 */
import { spawn } from "node:child_process";

export interface AgentRun {
  readonly request: string;
  readonly mcpConfig: string;
  /** The task's id; the scripted agent goes by it. */
  readonly task: string;
  readonly timeoutMs: number;
}

/** The agent's output. Where the agent fails or times out, this is the output until then. */
export function runAgent(command: string, { request, mcpConfig, task, timeoutMs }: AgentRun): Promise<string> {
  return new Promise((resolve) => {
    const env = { ...process.env, EVAL_MCP_CONFIG: mcpConfig, EVAL_TASK: task };
    const agent = spawn(command, { shell: true, env, stdio: ["pipe", "pipe", "inherit"], detached: true });
    let said = "";
    // The whole group: a shell's child would outlive it.
    const timer = setTimeout(() => process.kill(-(agent.pid as number), "SIGKILL"), timeoutMs);
    agent.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    agent.stdin.on("error", () => undefined);
    agent.stdin.end(request);
    agent.on("close", () => {
      clearTimeout(timer);
      resolve(said.trim());
    });
  });
}
