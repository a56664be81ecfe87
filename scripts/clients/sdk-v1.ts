/** @modelcontextprotocol/sdk, the SDK's first major: revisions up to 2025-11-25. */
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { Answer, Connection, Target, ClientWorkspace } from "./client.ts";

type ClientModule = typeof import("@modelcontextprotocol/sdk/client/index.js");
type StdioModule = typeof import("@modelcontextprotocol/sdk/client/stdio.js");
type HttpModule = typeof import("@modelcontextprotocol/sdk/client/streamableHttp.js");
type Transport = Parameters<Client["connect"]>[0];

export async function connectSdkV1(target: Target, workspace: ClientWorkspace): Promise<Connection> {
  const { Client } = await workspace.load<ClientModule>("@modelcontextprotocol/sdk/client/index.js");
  const client = new Client({ name: "sdk-v1", version: "1" });
  await client.connect(await transportTo(target, workspace));
  return {
    list: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => answerOf((await client.callTool({ name, arguments: { ...args } })) as Result),
    async cancel(name, args, running) {
      const taken = new AbortController();
      const call = client.callTool({ name, arguments: { ...args } }, undefined, { signal: taken.signal });
      await running;
      taken.abort();
      await rejected(call);
    },
    close: () => client.close(),
  };
}

async function transportTo(target: Target, workspace: ClientWorkspace): Promise<Transport> {
  if (target.kind === "http") {
    const { StreamableHTTPClientTransport } = await workspace.load<HttpModule>(
      "@modelcontextprotocol/sdk/client/streamableHttp.js",
    );
    return new StreamableHTTPClientTransport(new URL(target.url)) as Transport;
  }
  const { StdioClientTransport } = await workspace.load<StdioModule>("@modelcontextprotocol/sdk/client/stdio.js");
  return new StdioClientTransport({
    command: target.command,
    args: [...target.args],
    env: { ...target.env },
    stderr: "ignore",
  });
}

export interface Result {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly isError?: boolean;
}

export function answerOf({ content, isError }: Result): Answer {
  return { text: content.map(({ text }) => text ?? "").join("\n"), isError: isError === true };
}

/** Resolves when `call` is rejected, as a cancelled call must be. */
export async function rejected(call: Promise<unknown>): Promise<void> {
  const answered = await call.then(
    () => true,
    () => false,
  );
  if (answered) throw new Error("the cancelled call was answered as if nothing had happened");
}
