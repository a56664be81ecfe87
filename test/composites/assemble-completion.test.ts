import { expect, test } from "vitest";
import { CompletionAssembly } from "../../src/composites/completion/assemble-completion.ts";

const head = { id: "c1", object: "chat.completion.chunk", created: 1, model: "m" };
const delta = (index: number, part: object, finish_reason: string | null = null) => ({
  ...head,
  choices: [{ index, delta: part, finish_reason }],
});

function assembled(chunks: readonly object[]) {
  const assembly = new CompletionAssembly();
  for (const chunk of chunks) assembly.add(chunk as Record<string, unknown>);
  return assembly.answer();
}

test.each<[string, object[], object]>([
  [
    "text in pieces, usage in a last chunk without choices",
    [
      delta(0, { role: "assistant", content: "" }),
      delta(0, { content: "Hel" }),
      delta(0, { content: "lo" }),
      delta(0, {}, "stop"),
      { ...head, choices: [], usage: { total_tokens: 3 } },
    ],
    {
      ...head,
      object: "chat.completion",
      usage: { total_tokens: 3 },
      choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
    },
  ],
  [
    "several choices, interleaved",
    [
      delta(1, { content: "b" }),
      delta(0, { content: "a" }),
      delta(1, { content: "B" }, "length"),
      delta(0, { content: "A" }, "stop"),
    ],
    {
      choices: [
        { index: 0, message: { content: "aA" }, finish_reason: "stop" },
        { index: 1, message: { content: "bB" }, finish_reason: "length" },
      ],
    },
  ],
  [
    "tool calls, their arguments in pieces",
    [
      delta(0, { tool_calls: [{ index: 0, id: "t0", type: "function", function: { name: "look", arguments: "" } }] }),
      delta(0, { tool_calls: [{ index: 0, function: { arguments: '{"a":' } }] }),
      delta(0, { tool_calls: [{ index: 1, id: "t1", type: "function", function: { name: "find", arguments: "{}" } }] }),
      delta(0, { tool_calls: [{ index: 0, function: { arguments: "1}" } }] }),
      delta(0, {}, "tool_calls"),
    ],
    {
      choices: [
        {
          message: {
            content: null,
            tool_calls: [
              { id: "t0", type: "function", function: { name: "look", arguments: '{"a":1}' } },
              { id: "t1", function: { name: "find", arguments: "{}" } },
            ],
          },
          finish_reason: "tool_calls",
        },
      ],
    },
  ],
  [
    "a text completion",
    [
      { id: "t", object: "text_completion", choices: [{ index: 0, text: "a" }] },
      { id: "t", choices: [{ index: 0, text: "b", finish_reason: "stop" }] },
    ],
    { object: "text_completion", choices: [{ text: "ab", finish_reason: "stop" }] },
  ],
  [
    "refusals and reasoning",
    [
      delta(0, { refusal: "No" }),
      delta(0, { refusal: ".", reasoning_content: "h" }),
      delta(0, { reasoning_content: "m" }),
    ],
    { choices: [{ message: { refusal: "No.", reasoning_content: "hm" } }] },
  ],
  [
    "log probabilities follow each other",
    [
      { ...head, choices: [{ index: 0, delta: {}, logprobs: { content: [{ token: "a" }] } }] },
      { ...head, choices: [{ index: 0, delta: {}, logprobs: { content: [{ token: "b" }] } }] },
    ],
    { choices: [{ logprobs: { content: [{ token: "a" }, { token: "b" }] } }] },
  ],
  [
    "members that no shape names are kept",
    [
      { ...head, hook_results: { before: [1] }, choices: [] },
      { ...head, usage: null, choices: [] },
    ],
    { hook_results: { before: [1] }, usage: null },
  ],
])("chunks are put together: %s", (_title, chunks, want) => {
  expect(assembled(chunks)).toMatchObject(want);
});

test("chunks are not changed by being put together", () => {
  const chunk = delta(0, { tool_calls: [{ index: 0, function: { arguments: "a" } }] });
  const before = structuredClone(chunk);
  assembled([chunk, chunk]);
  expect(chunk).toEqual(before);
});
