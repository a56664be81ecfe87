/**
 * `npm run demo`: starts the built stdio server on its sandbox, as a client would, and walks one prompt from its first
 * draft to production. Prints what is asked and answered; anything unexpected ends it with exit code 1.
 */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

type Json = Record<string, unknown>;

/** The server to drive; another build's may be named on the command line. */
const SERVER = process.argv[2] ?? fileURLToPath(new URL("../build/index.js", import.meta.url));

if (!existsSync(SERVER)) {
  process.stderr.write(`${SERVER} is not there. Run: npm run build\n`);
  process.exit(1);
}
const started = performance.now();
const client = new Client({ name: "demo", version: "1.0.0" });
try {
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [SERVER, "--sandbox"], stderr: "inherit" }),
  );
  await walkThrough();
} catch (error) {
  say(`\nThe demo met a surprise: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await client.close();
}

async function walkThrough(): Promise<void> {
  await listTools();
  // Rendering takes the workspace key, whose own workspace this is.
  const workspace = first(await call("list_workspaces", { exact_name: "Production" }));
  const { draft, promotion } = await writePrompt(workspace);
  const made = await promote(promotion);
  await promoteAgain(draft, promotion, made);
  await readCosts(workspace);
  await meetMistake();
  say(`\nDone in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

async function listTools(): Promise<void> {
  step("Connect and list the tools");
  const server = client.getServerVersion();
  expect(server?.name.includes("sandbox") === true, "the server to say that it is a sandbox");
  const { tools } = await client.listTools();
  expect(tools.length >= 182, `at least 182 tools, not ${tools.length}`);
  const reading = tools.filter(({ annotations }) => annotations?.readOnlyHint === true).length;
  say(`${server?.title} ${server?.version}: ${tools.length} tools, ${reading} of them only read`);
}

async function writePrompt(workspace: Json): Promise<{ draft: Json; promotion: Json }> {
  step("Write a prompt");
  const collection = await call("create_collection", { name: "Support", workspace_id: workspace["id"] });
  const draft = await call("create_prompt", {
    name: "greeting-dev",
    collection_id: collection["id"],
    string: "Hello {{name}}, how can we help?",
    parameters: { model: "gpt-4o-mini", temperature: 0.2 },
    virtual_key: "openai",
  });
  const promotion = { source_prompt_id: draft["id"], target_collection_id: collection["id"], target_env: "production" };
  return { draft, promotion };
}

/** The promoted prompt. */
async function promote(promotion: Json): Promise<Json> {
  step("Promote it to production");
  const plan = await call("promote_prompt", { ...promotion, dry_run: true });
  const made = await call("promote_prompt", promotion);
  expect(
    made["action"] === "created" && made["name"] === "greeting-production",
    "the promoted prompt to be created under its own name",
  );
  const again = await call("promote_prompt", promotion);
  expect(again["action"] === "unchanged", "a second promotion to change nothing");
  expect(plan["prompt_id"] === undefined, "the dry run to have made nothing");
  return made;
}

async function promoteAgain(draft: Json, promotion: Json, made: Json): Promise<void> {
  step("Better the draft, promote it again, and publish");
  await call("update_prompt", {
    prompt_id: draft["id"],
    patch: true,
    string: "Hello {{name}}, welcome back! How can we help?",
  });
  const newer = await call("promote_prompt", { ...promotion, source_version: 2 });
  expect(newer["action"] === "updated", "the promoted prompt to get a new version");
  expect((await rendered(made)) === "Hello Ada, how can we help?", "production to keep the published version");
  await call("publish_prompt", { prompt_id: made["prompt_id"], version: newer["version"] });

  step("Render what production gets now");
  expect((await rendered(made)) === "Hello Ada, welcome back! How can we help?", "production to get the new version");
}

async function readCosts(workspace: Json): Promise<void> {
  step("Read what it costs");
  const until = new Date();
  const since = new Date(until.getTime() - 7 * 86_400_000);
  const cost = await call("get_cost_analytics", {
    workspace_slug: workspace["slug"],
    time_of_generation_min: since.toISOString(),
    time_of_generation_max: until.toISOString(),
  });
  const total = (cost["summary"] as Json | undefined)?.["total"];
  expect(typeof total === "number" && total > 0, "the sandbox's traffic to have cost something");
  say(`The last seven days cost ${((total as number) / 100).toFixed(2)} USD.`);
}

async function meetMistake(): Promise<void> {
  step("Meet a mistake");
  const refused = await client.callTool({ name: "get_prompt", arguments: { prompt_id: "no-such-prompt" } });
  expect(refused.isError === true, "a prompt that is not there to be an error");
  say(textOf(refused as Json));
}

/** The text of the promoted prompt's only message, rendered for Ada. */
async function rendered(prompt: Json): Promise<unknown> {
  const answer = await call("render_prompt", { prompt_id: prompt["prompt_id"], variables: { name: "Ada" } });
  const [message] = ((answer["data"] as Json)["messages"] ?? []) as Json[];
  return message?.["content"];
}

/** Calls a tool and shows both sides; its answer as JSON. */
async function call(name: string, args: Json): Promise<Json> {
  say(`> ${name} ${shortened(JSON.stringify(args))}`);
  const result = (await client.callTool({ name, arguments: args })) as Json;
  const text = textOf(result);
  say(`  ${shortened(text)}`);
  expect(result["isError"] !== true, `${name} to succeed`);
  expect((result["_meta"] as Json | undefined)?.["sandbox"] === true, `${name} to say that it is a sandbox's answer`);
  return JSON.parse(text) as Json;
}

function first(list: Json): Json {
  const [item] = (list["data"] ?? []) as Json[];
  expect(item !== undefined, "the list to have an item");
  return item as Json;
}

function textOf(result: Json): string {
  const [content] = (result["content"] ?? []) as { text?: string }[];
  return content?.text ?? "";
}

function shortened(text: string): string {
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`expected ${what}`);
}

function step(title: string): void {
  say(`\n${title}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
