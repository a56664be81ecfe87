/**
 * Prompt completions: an invented, deterministic answer in OpenAI's format, whole or streamed, and its row in the log.
 */
import { Readable } from "node:stream";
import { isObject } from "../../catalog/json.ts";
import { ApiError } from "../http/api-error.ts";
import type { Handler, Call } from "./call.ts";
import { shortHash, uuid } from "../state/ids.ts";
import { asList, asObject, type Json } from "../json.ts";
import { computeCost, models } from "../traffic/models.ts";
import { renderPrompt, type Rendered } from "./prompts.ts";
import { lastMessageText } from "./template.ts";

/** An estimate: English text has about four characters per token. */
const estimateTokens = (text: string) => Math.max(1, Math.ceil(text.length / 4));

export const completePrompt: Handler = (call) => {
  const metadata = readMetadata(call);
  const rendered = renderPrompt(call);
  const traceId = String(call.headers["x-portkey-trace-id"] ?? call.world.nextId("trace"));
  const body = createCompletion(call, rendered);
  logCompletion(call, rendered, { body, traceId, metadata });
  const headers = {
    "x-portkey-trace-id": traceId,
    "x-portkey-provider": findProvider(rendered.model),
    "x-portkey-cache-status": "MISS",
  };
  if (call.fields["stream"] !== true) return { raw: body, headers };
  return {
    raw: Readable.from(createEvents(body)),
    headers: { ...headers, "content-type": "text/event-stream; charset=utf-8" },
  };
};

function createCompletion(call: Call, { request, model, messages }: Rendered): Json {
  const prompt = JSON.stringify(messages);
  const count = typeof request["n"] === "number" ? Math.min(Math.max(1, request["n"]), 8) : 1;
  const choices = Array.from({ length: count }, (_, index) => createChoice(request, lastMessageText(messages), index));
  const completionTokens = estimateTokens(JSON.stringify(choices.map((entry) => entry["message"])));
  const promptTokens = estimateTokens(prompt);
  return {
    id: `chatcmpl-${shortHash(prompt, 20)}`,
    object: "chat.completion",
    created: Math.floor(call.world.now() / 1000),
    model,
    choices,
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  };
}

/** A tool call where the prompt requires one, text otherwise. */
function createChoice(request: Json, lastMessage: string, index: number): Json {
  const tool = asObject(asObject(asList(request["tools"])[0])["function"]);
  const demanded = request["tool_choice"] === "required" || isObject(request["tool_choice"]);
  if (demanded && typeof tool["name"] === "string") {
    const call = {
      id: `call_${shortHash(`${lastMessage}${index}`, 12)}`,
      type: "function",
      function: { name: tool["name"], arguments: "{}" },
    };
    return {
      index,
      message: { role: "assistant", content: null, tool_calls: [call] },
      logprobs: null,
      finish_reason: "tool_calls",
    };
  }
  const words = `Sandbox answer${index > 0 ? ` ${index + 1}` : ""}: ${lastMessage.slice(0, 200)}`;
  return { index, message: { role: "assistant", content: words }, logprobs: null, finish_reason: "stop" };
}

/** The answer as OpenAI's server-sent events: a chunk for each word, then the finish reason, the usage and `[DONE]`. */
function createEvents(body: Json): string[] {
  const { id, created, model } = body;
  const event = (choices: Json[], more: Json = {}) => {
    const chunk = { id, object: "chat.completion.chunk", created, model, choices, ...more };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  };
  const events: string[] = [];
  for (const { index, message, finish_reason } of asList(body["choices"]).map(asObject)) {
    for (const delta of splitIntoDeltas(asObject(message))) events.push(event([{ index, delta, finish_reason: null }]));
    events.push(event([{ index, delta: {}, finish_reason }]));
  }
  return [...events, event([], { usage: body["usage"] }), "data: [DONE]\n\n"];
}

/** The deltas of a message: one with all tool calls, or one for each word. The first has the role. */
function splitIntoDeltas({ content, tool_calls }: Json): Json[] {
  if (tool_calls) {
    const calls = asList(tool_calls).map((entry, index) => ({ index, ...asObject(entry) }));
    return [{ role: "assistant", tool_calls: calls }];
  }
  const words = String(content ?? "").match(/\S+\s*/g) ?? [];
  return words.map((word, index) => (index === 0 ? { role: "assistant", content: word } : { content: word }));
}

/** The parts of a completion that are logged, beside its prompt. */
interface Completed {
  readonly body: Json;
  readonly traceId: string;
  readonly metadata: Record<string, string>;
}

function logCompletion(
  call: Call,
  { prompt, version, model, request }: Rendered,
  { body, traceId, metadata }: Completed,
): void {
  const usage = asObject(body["usage"]);
  const [requestTokens, responseTokens] = [Number(usage["prompt_tokens"]), Number(usage["completion_tokens"])];
  const id = uuid(`log of ${traceId} ${String(body["id"])} ${call.world.traffic.rows.length}`);
  call.world.traffic.add({
    id,
    traceId,
    spanId: id.slice(0, 16),
    at: call.world.now(),
    model,
    provider: findProvider(model),
    requestTokens,
    responseTokens,
    workspace: String(call.world.workspace(prompt.fields["workspace_id"])?.fields["slug"] ?? ""),
    user: metadata["_user"] ?? call.principal.userId,
    apiKey: call.principal.keyId,
    virtualKey: String(version.content["virtual_key"] ?? ""),
    config: "",
    prompt: String(prompt.fields["slug"]),
    cost: computeCost(model, requestTokens, responseTokens),
    status: 200,
    latency: models.find((entry) => entry.slug === model)?.latency ?? 1000,
    cache: "miss",
    retries: 0,
    fellBack: false,
    metadata,
    feedback: [],
    request,
    response: body,
  });
}

function readMetadata(call: Call): Record<string, string> {
  const header = call.headers["x-portkey-metadata"];
  if (header === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(String(header));
    if (isObject(parsed)) return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, String(value)]));
  } catch {
    // Falls through to the one error for everything that is no JSON object.
  }
  throw new ApiError(400, "The header x-portkey-metadata must be a JSON object.");
}

function findProvider(model: string): string {
  return models.find((entry) => entry.slug === model)?.provider ?? "openai";
}
