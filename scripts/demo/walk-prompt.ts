/** The demo of the main edition. */
import { expect, first, listTools, meetMistake, say, step, type Json, type Stage } from "./stage.ts";

/** One prompt, from its first draft to production. */
export async function walkPrompt(stage: Stage): Promise<void> {
  await listTools(stage, 182);
  // Rendering takes the workspace key, whose own workspace this is.
  const workspace = first(await stage.call("list_workspaces", { exact_name: "Production" }));
  const { draft, promotion } = await writePrompt(stage, workspace);
  const made = await promote(stage, promotion);
  await promoteAgain(stage, { draft, promotion, made });
  await readCosts(stage, workspace);
  await meetMistake(stage, "get_prompt", { prompt_id: "no-such-prompt" });
}

async function writePrompt(stage: Stage, workspace: Json): Promise<{ draft: Json; promotion: Json }> {
  step("Write a prompt");
  const collection = await stage.call("create_collection", { name: "Support", workspace_id: workspace["id"] });
  const draft = await stage.call("create_prompt", {
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
async function promote(stage: Stage, promotion: Json): Promise<Json> {
  step("Promote it to production");
  const plan = await stage.call("promote_prompt", { ...promotion, dry_run: true });
  const made = await stage.call("promote_prompt", promotion);
  expect(
    made["action"] === "created" && made["name"] === "greeting-production",
    "the promoted prompt to be created under its own name",
  );
  const again = await stage.call("promote_prompt", promotion);
  expect(again["action"] === "unchanged", "a second promotion to change nothing");
  expect(plan["prompt_id"] === undefined, "the dry run to have made nothing");
  return made;
}

async function promoteAgain(
  stage: Stage,
  { draft, promotion, made }: { readonly draft: Json; readonly promotion: Json; readonly made: Json },
): Promise<void> {
  step("Better the draft, promote it again, and publish");
  await stage.call("update_prompt", {
    prompt_id: draft["id"],
    patch: true,
    string: "Hello {{name}}, welcome back! How can we help?",
  });
  const newer = await stage.call("promote_prompt", { ...promotion, source_version: 2 });
  expect(newer["action"] === "updated", "the promoted prompt to get a new version");
  expect(
    (await renderPrompt(stage, made)) === "Hello Ada, how can we help?",
    "production to keep the published version",
  );
  await stage.call("publish_prompt", { prompt_id: made["prompt_id"], version: newer["version"] });

  step("Render what production gets now");
  expect(
    (await renderPrompt(stage, made)) === "Hello Ada, welcome back! How can we help?",
    "production to get the new version",
  );
}

async function readCosts(stage: Stage, workspace: Json): Promise<void> {
  step("Read what it costs");
  const until = new Date();
  const since = new Date(until.getTime() - 7 * 86_400_000);
  const cost = await stage.call("get_cost_analytics", {
    workspace_slug: workspace["slug"],
    time_of_generation_min: since.toISOString(),
    time_of_generation_max: until.toISOString(),
  });
  const total = (cost["summary"] as Json | undefined)?.["total"];
  expect(typeof total === "number" && total > 0, "the sandbox's traffic to have cost something");
  say(`The last seven days cost ${((total as number) / 100).toFixed(2)} USD.`);
}

/** The text of the promoted prompt's only message, rendered for Ada. */
async function renderPrompt(stage: Stage, prompt: Json): Promise<unknown> {
  const answer = await stage.call("render_prompt", { prompt_id: prompt["prompt_id"], variables: { name: "Ada" } });
  const [message] = ((answer["data"] as Json)["messages"] ?? []) as Json[];
  return message?.["content"];
}
