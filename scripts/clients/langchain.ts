/** @langchain/mcp-adapters: the tools as LangChain gives them to an agent. */
import type { Connection, Target, ClientWorkspace } from "./client.ts";
import { answerOf, rejected, type Result } from "./sdk-v1.ts";

interface Tool {
  readonly name: string;
  invoke(args: unknown, config?: { readonly signal?: AbortSignal }): Promise<unknown>;
}
interface Adapters {
  readonly MultiServerMCPClient: new (config: unknown) => { getTools(): Promise<Tool[]>; close(): Promise<void> };
}

export async function connectLangChain(target: Target, workspace: ClientWorkspace): Promise<Connection> {
  const { MultiServerMCPClient } = await workspace.load<Adapters>("@langchain/mcp-adapters");
  const server =
    target.kind === "http"
      ? { transport: "http", url: target.url }
      : { transport: "stdio", command: target.command, args: target.args, env: target.env, stderr: "ignore" };
  const client = new MultiServerMCPClient({ mcpServers: { portkey: server }, prefixToolNameWithServerName: false });
  const tools = new Map((await client.getTools()).map((tool) => [tool.name, tool]));
  const invoke = async (name: string, args: unknown, signal?: AbortSignal): Promise<unknown> => {
    const tool = tools.get(name);
    if (tool === undefined) throw new Error(`${name} is not among its tools`);
    return tool.invoke(args, signal && { signal });
  };
  return {
    list: async () => [...tools.keys()],
    async call(name, args) {
      const result = await invoke(name, args);
      // A single text block arrives as a block, or as its text, by the adapters' version.
      return {
        text: typeof result === "string" ? result : answerOf({ content: [result].flat() as Result["content"] }).text,
      };
    },
    async cancel(name, args, running) {
      const taken = new AbortController();
      const call = invoke(name, args, taken.signal);
      await running;
      taken.abort();
      await rejected(call);
    },
    close: () => client.close(),
  };
}
