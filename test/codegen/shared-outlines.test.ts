import { expect, test } from "vitest";
import { withSharedMore } from "../../codegen/derive/shared-more.ts";
import { withSharedOutlines } from "../../codegen/derive/shared-outlines.ts";
import type { Tool } from "../../codegen/derive/tool.ts";

const limits = "{credit_limit:integer,type:cost|tokens,alert_threshold:integer}";
const filters =
  "{status_code,metadata,configs,virtual_keys,ai_org_model,trace_id,span_id,prompt_slug,cache_status,order}";

/** What both read of a tool: its name and domain, whether an operation stands behind it, and what it folds. */
function tool(name: string, more: string, domain = "keys"): Tool {
  const listed = { type: "object", properties: { more: { type: "object", description: more } } };
  const at = { method: "post", path: `/${name}` } as const;
  return { record: { name, domain }, listed, full: {}, at } as unknown as Tool;
}
const textsOf = (tools: readonly Tool[]) => tools.map(({ listed }) => listed.properties?.["more"]?.description);
const sharedOutlines = (...mores: string[]) =>
  textsOf(
    withSharedOutlines(
      mores.map((more, at) => tool(`tool_${at}`, more)),
      ["limits", "pace"],
    ),
  );

test.each<[string, string[], string[]]>([
  [
    "in the first tool that takes them",
    [`{limits:${limits}}`, `{limits:${limits}}`],
    [`{limits:${limits}}`, "{limits:as in tool_0}"],
  ],
  [
    "as a list, where there are several",
    [`{limits:${limits}}`, `{limits:[${limits}]}`],
    [`{limits:${limits}}`, "{limits:[as in tool_0]}"],
  ],
  ["once in a text", [`{a:{limits:${limits}},b:{limits:${limits}}}`], [`{a:{limits:${limits}},b:{limits:as above}}`]],
  [
    "with one mention of the tool that has several",
    [`{limits:${limits},pace:${limits}}`, `{limits:${limits},pace:${limits}}`],
    [`{limits:${limits},pace:${limits}}`, "{limits:as in tool_0,pace:likewise}"],
  ],
  ["again, where they are short", ["{limits:{a,b}}", "{limits:{a,b}}"], ["{limits:{a,b}}", "{limits:{a,b}}"]],
  [
    "again, where they differ",
    [`{limits:${limits}}`, `{limits:${limits.replace("cost", "spend")}}`],
    [`{limits:${limits}}`, `{limits:${limits.replace("cost", "spend")}}`],
  ],
])("objects are told to their leaves %s", (_, given, want) => {
  expect(sharedOutlines(...given)).toEqual(want);
});

test.each<[string, [string, string], string]>([
  ["the same arguments in another order", [filters, "{order:string,".concat(filters.slice(1, -7), "}")], "as in first"],
  ["a few arguments more", [filters, `{limit:integer,${filters.slice(1)}`], "{limit:integer}, and as in first"],
  ["an argument less", [filters, filters.replace(",order", "")], filters.replace(",order", "")],
])("of two tools the second, with %s, refers to the first", (_, [first, second], want) => {
  expect(textsOf(withSharedMore([tool("first", first), tool("second", second)]))[1]).toBe(want);
});

test("tools of two domains do not refer to each other for all that they fold", () => {
  expect(textsOf(withSharedMore([tool("first", filters), tool("second", filters, "logs")]))[1]).toBe(filters);
});
