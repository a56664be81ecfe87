import { expect, it } from "vitest";
import { renderTemplate, lastMessageText, toMessages } from "../../src/sandbox/behaviour/template.ts";

const partials: Readonly<Record<string, string>> = {
  greeting: "Hello {{name}}",
  outer: "<{{> greeting}}>",
  endless: "{{> endless}}.",
};
const fill = (text: string, variables = {}) => renderTemplate(text, variables, (name) => partials[name]);

it.each<[string, object, string]>([
  ["{{name}}", { name: "Ada" }, "Ada"],
  ["{{ name }} and {{{name}}}", { name: "Ada" }, "Ada and Ada"],
  ["{{user.name}}", { user: { name: "Ada" } }, "Ada"],
  ["{{user.name}}", { "user.name": "Ada" }, "Ada"],
  ["{{n}} {{flag}} {{list}}", { n: 0, flag: false, list: [1] }, "0 false [1]"],
  ["[{{missing}}{{nothing}}]", { nothing: null }, "[]"],
  ["[{{constructor}}{{a.constructor}}]", { a: {} }, "[]"],
  ["{{name}}", { name: "{{other}}", other: "no" }, "{{other}}"],
  ["{{> greeting}}", { name: "{{other}}", other: "no" }, "Hello {{other}}"],
  ["{{>outer}}", { name: "Ada" }, "<Hello Ada>"],
  ["[{{> unknown}}]", {}, "[]"],
])("fills %s", (text, variables, want) => {
  expect(fill(text, variables)).toBe(want);
});

it("comes to an end with a partial that contains itself", () => {
  expect(fill("{{> endless}}")).toBe(".....");
});

it.each([
  ["plain text", "Hi {{n}}", [{ role: "user", content: "Hi 1" }]],
  [
    "messages",
    '[{"role":"system","content":"{{n}}"},{"role":"user","content":[{"type":"text","text":"{{n}}"}]}]',
    [
      { role: "system", content: "1" },
      { role: "user", content: [{ type: "text", text: "1" }] },
    ],
  ],
  ["text that begins like a list", "[{{n}}] is a number", [{ role: "user", content: "[1] is a number" }]],
  ["a list of something else", "[1,2]", [{ role: "user", content: "[1,2]" }]],
])("reads %s as messages", (_what, template, want) => {
  expect(toMessages(template, (text) => renderTemplate(text, { n: 1 }, () => undefined))).toEqual(want);
});

it("finds the last words in text and in parts", () => {
  expect(
    lastMessageText([
      { role: "user", content: "a" },
      { role: "user", content: [{ type: "text", text: "b" }, { type: "image_url" }] },
    ]),
  ).toBe("b ");
  expect(lastMessageText([])).toBe("");
});
