/** @ai-sdk/mcp: the tools as the AI SDK gives them to a model. */
import type { Connection, Target, ClientWorkspace } from "./client.ts";
import { answerOf, rejected, type Result } from "./sdk-v1.ts";

interface Tool {
  execute(
    args: unknown,
    options: { readonly toolCallId: string; readonly messages: readonly unknown[]; readonly abortSignal?: AbortSignal },
  ): Promise<Result>;
}
interface AiSdk {
  createMCPClient(config: {
    readonly transport: unknown;
  }): Promise<{ tools(): Promise<Record<string, Tool>>; close(): Promise<void> }>;
}
interface AiSdkStdio {
  readonly Experimental_StdioMCPTransport: new (options: {
    command: string;
    args: string[];
    env: Record<string, string>;
    stderr: "ignore";
  }) => unknown;
}

export async function connectAiSdk(target: Target, workspace: ClientWorkspace): Promise<Connection> {
  const { createMCPClient } = await workspace.load<AiSdk>("@ai-sdk/mcp");
  const client = await createMCPClient({ transport: await transportTo(target, workspace) });
  const tools = await client.tools();
  const execute = (name: string, args: unknown, abortSignal?: AbortSignal): Promise<Result> => {
    const tool = tools[name];
    if (tool === undefined) throw new Error(`${name} is not among its tools`);
    return tool.execute(args, { toolCallId: "1", messages: [], ...(abortSignal && { abortSignal }) });
  };
  return {
    list: async () => Object.keys(tools),
    call: async (name, args) => answerOf(await execute(name, args)),
    async cancel(name, args, running) {
      const taken = new AbortController();
      const call = execute(name, args, taken.signal);
      await running;
      taken.abort();
      await rejected(call);
    },
    close: () => client.close(),
  };
}

async function transportTo(target: Target, workspace: ClientWorkspace): Promise<unknown> {
  if (target.kind === "http") return { type: "http", url: target.url };
  const { Experimental_StdioMCPTransport: Stdio } = await workspace.load<AiSdkStdio>("@ai-sdk/mcp/mcp-stdio");
  return new Stdio({ command: target.command, args: [...target.args], env: { ...target.env }, stderr: "ignore" });
}
