/** The demo of the edition with service accounts. */
import { expect, first, listTools, meetMistake, say, step, type Stage } from "./stage.ts";

/** A guardrail of the organisation, a config that uses it, and a key for the gateway. */
export async function walkAccount(stage: Stage): Promise<void> {
  await listTools(stage, 117);
  const guardrail = await writeGuardrail(stage);
  await writeConfig(stage, guardrail);
  await makeKey(stage);
  await readLimits(stage);
  await meetMistake(stage, "get_config", { slug: "no-such-config" });
}

/** Its id. */
async function writeGuardrail(stage: Stage): Promise<unknown> {
  step("Write a guardrail for every workspace");
  const given = {
    name: "short answers",
    checks: [{ id: "default.wordCount", parameters: { minWords: 1, maxWords: 500 } }],
    actions: { deny: false, async: true },
  };
  const plan = await stage.call("create_org_guardrail", { ...given, dry_run: true });
  expect(JSON.stringify(plan).includes("a token of"), "the dry run to fetch no token");
  const made = await stage.call("create_org_guardrail", given);
  const read = await stage.call("get_org_guardrail", { guardrail_id: made["id"] });
  expect(read["name"] === given.name, "the guardrail to be there");
  return made["id"];
}

async function writeConfig(stage: Stage, guardrail: unknown): Promise<void> {
  step("Write a config that falls back, and uses it");
  const provider = first(await stage.call("list_providers", {}));
  const target = { provider: `@${String(provider["slug"])}` };
  const config = { strategy: { mode: "fallback" }, targets: [target, target], input_guardrails: [guardrail] };
  const { slug } = await stage.call("create_config", { name: "checkout", config });
  const changed = await stage.call("update_config", { slug, config: { ...config, retry: { attempts: 3 } } });
  expect(JSON.stringify(changed["changes"]).includes("retry"), "the change to be told");
}

async function makeKey(stage: Stage): Promise<void> {
  step("Make a key for the gateway, and rotate it");
  const made = await stage.call("create_api_key", {
    type: "workspace",
    sub_type: "service",
    name: "checkout",
    scopes: ["completions.write"],
  });
  expect(typeof made["key"] === "string", "the key's secret to be shown once");
  const rotated = await stage.call("rotate_api_key", { id: made["id"] });
  expect(rotated["key"] !== made["key"], "a new secret");
}

async function readLimits(stage: Stage): Promise<void> {
  step("Read the limits, with all pages");
  const limits = await stage.call("list_usage_limits", { all_pages: true });
  say(`There are ${String((limits["data"] as unknown[]).length)} usage limits.`);
}
