/**
 * The three model APIs that agents speak, as far as one tool call needs them. The server is called `portkey` in each.
 */
import type { ModelApi, SentEvent } from "./stand-in-model.ts";

type Json = Record<string, unknown>;
type Part = Json & { readonly type?: string };

const listOf = (value: unknown): Part[] => (Array.isArray(value) ? (value as Part[]) : []);

/**
 * Anthropic's Messages API. Where there are many tools, their names stand in a message's text and not among the tools.
 */
export const messages: ModelApi = {
  toolsIn: (body) => [...new Set(JSON.stringify(body).match(/(?<=mcp__portkey__)[a-z0-9_]+/g))],
  resultIn(body) {
    const found = listOf(body["messages"])
      .flatMap(({ content }) => listOf(content))
      .find(({ type }) => type === "tool_result");
    return found && { text: textOf(found["content"]), isError: found["is_error"] === true };
  },
  answer(call) {
    const start = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "stand-in",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    };
    const block =
      call === undefined
        ? { type: "text", text: "" }
        : { type: "tool_use", id: "toolu_1", name: `mcp__portkey__${call.name}`, input: {} };
    const delta =
      call === undefined
        ? { type: "text_delta", text: "Done." }
        : { type: "input_json_delta", partial_json: JSON.stringify(call.args) };
    const events = [
      { type: "message_start", message: start },
      { type: "content_block_start", index: 0, content_block: block },
      { type: "content_block_delta", index: 0, delta },
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: call === undefined ? "end_turn" : "tool_use", stop_sequence: null },
        usage: { output_tokens: 1 },
      },
      { type: "message_stop" },
    ];
    return events.map((data): SentEvent => ({ event: data.type, data }));
  },
};

const NAMESPACE = "mcp__portkey";

/** OpenAI's Responses API. A server's tools stand in a namespace of their own. */
export const responses: ModelApi = {
  toolsIn: (body) =>
    listOf(body["tools"])
      .filter(({ type, name }) => type === "namespace" && name === NAMESPACE)
      .flatMap(({ tools }) => listOf(tools))
      .map(({ name }) => String(name)),
  resultIn(body) {
    const found = listOf(body["input"]).find(({ type }) => type === "function_call_output");
    return found && { text: textOf(found["output"]) };
  },
  answer(call) {
    const item =
      call === undefined
        ? { type: "message", role: "assistant", id: "msg_1", content: [{ type: "output_text", text: "Done." }] }
        : {
            type: "function_call",
            id: "fc_1",
            call_id: "call_1",
            namespace: NAMESPACE,
            name: call.name,
            arguments: JSON.stringify(call.args),
          };
    const usage = {
      input_tokens: 1,
      input_tokens_details: null,
      output_tokens: 1,
      output_tokens_details: null,
      total_tokens: 2,
    };
    const events = [
      { type: "response.created", response: { id: "resp_1" } },
      { type: "response.output_item.done", item },
      { type: "response.completed", response: { id: "resp_1", usage } },
    ];
    return events.map((data): SentEvent => ({ event: data.type, data }));
  },
};

const PREFIX = "mcp_portkey_";

/** Google's generateContent. */
export const generateContent: ModelApi = {
  toolsIn: (body) =>
    listOf(body["tools"])
      .flatMap((tool) => listOf(tool["functionDeclarations"]))
      .map(({ name }) => String(name))
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => name.slice(PREFIX.length)),
  resultIn(body) {
    const parts = listOf(body["contents"]).flatMap(({ parts }) => listOf(parts));
    const found = parts.find((part) => "functionResponse" in part)?.["functionResponse"] as
      { response: Json } | undefined;
    return (
      found && { text: String(found.response["output"] ?? found.response["error"]), isError: "error" in found.response }
    );
  },
  answer(call) {
    const part =
      call === undefined ? { text: "Done." } : { functionCall: { name: `${PREFIX}${call.name}`, args: call.args } };
    const candidates = [{ index: 0, content: { role: "model", parts: [part] }, finishReason: "STOP" }];
    return [
      { data: { candidates, usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 } } },
    ];
  },
};

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return listOf(content)
    .map((part) => String(part["text"] ?? ""))
    .join("\n");
}
