/** @modelcontextprotocol/client, the SDK's second major, in the era it is told to use. */
import type { Connection, Target, ClientWorkspace } from "./client.ts";
import { answerOf, rejected, type Result } from "./sdk-v1.ts";

type ClientModule = typeof import("@modelcontextprotocol/client");
type StdioModule = typeof import("@modelcontextprotocol/client/stdio");

const ERAS = { legacy: "legacy", modern: { pin: "2026-07-28" } } as const;

export function connectSdkV2(
  era: keyof typeof ERAS,
): (target: Target, workspace: ClientWorkspace) => Promise<Connection> {
  return async (target, workspace) => {
    const { Client, StreamableHTTPClientTransport } =
      await workspace.load<ClientModule>("@modelcontextprotocol/client");
    const { StdioClientTransport } = await workspace.load<StdioModule>("@modelcontextprotocol/client/stdio");
    const client = new Client({ name: "sdk-v2", version: "1" }, { versionNegotiation: { mode: ERAS[era] } });
    await client.connect(
      target.kind === "http"
        ? new StreamableHTTPClientTransport(new URL(target.url))
        : new StdioClientTransport({
            command: target.command,
            args: [...target.args],
            env: { ...target.env },
            stderr: "ignore",
          }),
    );
    return {
      list: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: async (name, args) => answerOf((await client.callTool({ name, arguments: { ...args } })) as Result),
      async cancel(name, args, running) {
        const taken = new AbortController();
        const call = client.callTool({ name, arguments: { ...args } }, { signal: taken.signal });
        await running;
        taken.abort();
        await rejected(call);
      },
      close: () => client.close(),
    };
  };
}
