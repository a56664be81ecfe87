/** The tools that the conformance suite calls, by name. None of them is part of the product. */
import { setTimeout as delay } from "node:timers/promises";
import type { ClientLink, ToolResult } from "../../src/mcp/registry.ts";
import { RpcError } from "../../src/mcp/rpc-error.ts";
import {
  asks,
  DEFAULTS_FORM,
  ENUMS_FORM,
  NAME_FORM,
  object,
  OK_FORM,
  PNG,
  resource,
  SCHEMA_2020_12,
  USER_FORM,
  WAV,
} from "./fixture-contents.ts";

type Args = Readonly<Record<string, unknown>>;

export interface FixtureTool {
  readonly inputSchema?: object;
  run(args: Args, link: ClientLink): ToolResult | Promise<ToolResult>;
}

const answer = (...content: object[]): ToolResult => ({ content: content as ToolResult["content"] });
const text = (value: string) => ({ type: "text", text: value });
const says = (value: string) => answer(text(value));
const failed = (value: string): ToolResult => ({ ...says(value), isError: true });

const IMAGE = { type: "image", data: PNG, mimeType: "image/png" };
const AUDIO = { type: "audio", data: WAV, mimeType: "audio/wav" };

/** A tool that asks one thing and says what came. */
const asking = (message: string, form: object, key?: string): FixtureTool => ({
  run: async (_args, link) => {
    const outcome = await link.elicit?.(message, form as Args, key);
    return outcome === undefined
      ? failed("The client cannot be asked.")
      : says(`Elicitation completed: action=${outcome.action}, content=${JSON.stringify(outcome.content ?? {})}`);
  },
});

export const FIXTURE_TOOLS: Readonly<Record<string, FixtureTool>> = {
  test_simple_text: { run: () => says("This is a simple text response for testing.") },
  test_image_content: { run: () => answer(IMAGE) },
  test_audio_content: { run: () => answer(AUDIO) },
  test_embedded_resource: {
    run: () => answer(resource("test://embedded-resource", "text/plain", "This is an embedded resource content.")),
  },
  test_multiple_content_types: {
    run: () =>
      answer(
        text("Multiple content types test:"),
        IMAGE,
        resource("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
      ),
  },
  test_error_handling: { run: () => failed("This tool intentionally returns an error for testing") },
  test_tool_with_logging: {
    run: async (_args, { log }) => {
      for (const line of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
        log?.("info", line);
        await delay(50);
      }
      return says("Logged three lines.");
    },
  },
  test_logging_tool: {
    run: (_args, { log }) => {
      log?.("info", "A line that only a request with a log level gets.");
      return says("Logged.");
    },
  },
  test_tool_with_progress: {
    run: async (_args, { progress }) => {
      for (const done of [0, 50, 100]) {
        progress?.(done, 100);
        await delay(50);
      }
      return says("Reported progress.");
    },
  },
  test_sampling: {
    inputSchema: object({ prompt: { type: "string" } }, ["prompt"]),
    run: async ({ prompt }, link) => {
      const reply = await link.sample?.(asks(String(prompt), 100));
      if (reply === undefined) return failed("The client offers no sampling.");
      return says(`LLM response: ${(reply["content"] as { text?: string }).text}`);
    },
  },
  test_elicitation: {
    inputSchema: object({ message: { type: "string" } }, ["message"]),
    run: async ({ message }, link) => {
      const outcome = await link.elicit?.(String(message), USER_FORM);
      return outcome === undefined
        ? failed("The client cannot be asked.")
        : says(`User response: ${JSON.stringify(outcome)}`);
    },
  },
  test_elicitation_sep1034_defaults: asking("Please review", DEFAULTS_FORM),
  test_elicitation_sep1330_enums: asking("Please choose", ENUMS_FORM),
  test_streaming_elicitation: asking("Please confirm", OK_FORM),
  test_missing_capability: {
    run: (_args, link) => {
      if (link.sample === undefined)
        throw new RpcError(-32021, "This tool needs sampling.", { requiredCapabilities: { sampling: {} } });
      return says("The client offers sampling.");
    },
  },
  test_input_required_result_elicitation: {
    run: async (_args, link) =>
      says(`Hello, ${(await link.elicit?.("What is your name?", NAME_FORM, "user_name"))?.content?.["name"]}!`),
  },
  test_input_required_result_sampling: {
    run: async (_args, link) => says(JSON.stringify(await link.sample?.(asks("What is the capital of France?", 100)))),
  },
  test_input_required_result_list_roots: { run: async (_args, link) => says(JSON.stringify(await link.roots?.())) },
  test_input_required_result_request_state: {
    run: async (_args, link) =>
      says((await link.elicit?.("Please confirm", OK_FORM))?.action === "accept" ? "state-ok" : "not confirmed"),
  },
  test_input_required_result_tampered_state: asking("Please confirm", OK_FORM),
  test_input_required_result_multiple_inputs: {
    run: async (_args, link) =>
      says(
        JSON.stringify(
          await Promise.all([
            link.elicit?.("What is your name?", NAME_FORM),
            link.sample?.(asks("Generate a greeting", 50)),
            link.roots?.(),
          ]),
        ),
      ),
  },
  test_input_required_result_multi_round: {
    run: async (_args, link) => {
      const name = await link.elicit?.("Step 1: What is your name?", NAME_FORM);
      const color = await link.elicit?.(
        "Step 2: What is your favorite color?",
        object({ color: { type: "string" } }, ["color"]),
      );
      return says(JSON.stringify([name?.content, color?.content]));
    },
  },
  test_input_required_result_capabilities: {
    run: async (_args, link) => {
      const asked = [link.sample?.(asks("Anything", 10)), link.elicit?.("Anything?", OK_FORM)];
      return says(JSON.stringify(await Promise.all(asked)));
    },
  },
  json_schema_2020_12_tool: { inputSchema: SCHEMA_2020_12, run: () => says("ok") },
};

/** The fixtures' tools, as a listing has them. */
export function listFixtures(): readonly object[] {
  return Object.entries(FIXTURE_TOOLS).map(([name, { inputSchema }]) => ({
    name,
    description: `Fixture of the conformance suite: ${name}`,
    inputSchema: inputSchema ?? object({}),
  }));
}
