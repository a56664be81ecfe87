/** The session of a demo's client; prints requests and answers. */
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";

export type Json = Record<string, unknown>;

export interface Stage {
  readonly client: Client;
  /** Calls a tool and shows both sides; its answer as JSON. Throws where it is an error. */
  call(name: string, args: Json): Promise<Json>;
}

export function createStage(client: Client): Stage {
  return {
    client,
    async call(name, args) {
      say(`> ${name} ${shortened(JSON.stringify(args))}`);
      const result = (await client.callTool({ name, arguments: args })) as Json;
      const text = textOf(result);
      say(`  ${shortened(text)}`);
      expect(result["isError"] !== true, `${name} to succeed`);
      const meta = result["_meta"] as Json | undefined;
      expect(meta?.["sandbox"] === true, `${name} to say that it is a sandbox's answer`);
      return JSON.parse(text) as Json;
    },
  };
}

/** Connects to the server and prints what it offers; throws where there are fewer than `least` tools. */
export async function listTools({ client }: Stage, least: number): Promise<void> {
  step("Connect and list the tools");
  const server = client.getServerVersion();
  expect(server?.name.includes("sandbox") === true, "the server to say that it is a sandbox");
  const { tools } = await client.listTools();
  expect(tools.length >= least, `at least ${least} tools, not ${tools.length}`);
  const reading = tools.filter(({ annotations }) => annotations?.readOnlyHint === true).length;
  say(`${server?.title} ${server?.version}: ${tools.length} tools, ${reading} of them only read`);
}

/** A call that must be refused. */
export async function meetMistake({ client }: Stage, name: string, args: Json): Promise<void> {
  step("Meet a mistake");
  const refused = await client.callTool({ name, arguments: args });
  expect(refused.isError === true, `${name} to be refused`);
  say(textOf(refused as Json));
}

export function first(list: Json): Json {
  const [item] = (list["data"] ?? []) as Json[];
  expect(item !== undefined, "the list to have an item");
  return item as Json;
}

export function textOf(result: Json): string {
  const [content] = (result["content"] ?? []) as { text?: string }[];
  return content?.text ?? "";
}

export function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`expected ${what}`);
}

export function step(title: string): void {
  say(`\n${title}`);
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function shortened(text: string): string {
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}
