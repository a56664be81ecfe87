/** JSON as somebody would write it who wants to break its reader, from a seed. */

export type Random = () => number;

export const NAMES: readonly string[] = [
  ...[
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "valueOf",
    "toJSON",
    "then",
    "hasOwnProperty",
    "",
    "0",
    "-1",
  ],
  ...[
    "data",
    "id",
    "name",
    "total",
    "total_count",
    "has_more",
    "next",
    "success",
    "error",
    "message",
    "code",
    "errorCode",
  ],
  ...[
    "choices",
    "delta",
    "index",
    "content",
    "tool_calls",
    "function",
    "arguments",
    "object",
    "usage",
    "config",
    "more",
  ],
  ...["adminKey", "aborted", "signal", "fields", "dry_run", "api_key", "authorization", "value", "headers", "param"],
  ...["\u0000", "a.b", "a[0]", "😀", "\ud800", "%2e%2e", "x".repeat(300)],
];

const TEXTS: readonly string[] = [
  ...["", "..", "../../admin", "null", "true", "1e999", "0", "sk-0123456789abcdef0123", "Bearer abcdefghijklmnop"],
  ...[
    "<html><title>x",
    "<title".repeat(50),
    '{"__proto__":{"polluted":1}}',
    "[[[[[[",
    "data: [DONE]",
    "\r\n\n",
    "[DONE]",
  ],
  ...["-----BEGIN PRIVATE KEY-----", "https://u:p@h/?token=abc", "%73%6b", "\\u0073", "&#115;", "a=b&c=d", "AB06"],
];

const NUMBERS = [0, -0, 1, -1, 3, 1e21, 9_007_199_254_740_993, 1e308, 0.1];

/** One of several, each as likely. */
export function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

/** The text of a JSON value, names of prototypes among its own members. */
export function hostileJson(random: Random, depth = 4): string {
  const kind = random();
  if (depth === 0 || kind < 0.35) {
    if (kind < 0.05) return "null";
    if (kind < 0.1) return random() < 0.5 ? "true" : "false";
    return JSON.stringify(kind < 0.2 ? pick(random, NUMBERS) : pick(random, TEXTS));
  }
  const inside = Array.from({ length: Math.floor(random() * 5) }, () => hostileJson(random, depth - 1));
  if (kind < 0.55) return `[${inside.join(",")}]`;
  return `{${inside.map((value) => `${JSON.stringify(pick(random, NAMES))}:${value}`).join(",")}}`;
}

/** The text, somewhere of which a piece is missing, doubled or replaced. */
export function damaged(random: Random, text: string): string {
  const at = Math.floor(random() * text.length);
  const piece = Math.floor(random() * 6);
  const how = random();
  if (how < 0.6) return text;
  if (how < 0.75) return text.slice(0, at);
  if (how < 0.9) return text.slice(0, at) + text.slice(at + piece);
  return text.slice(0, at) + pick(random, ["\u0000", '"', "{", "]", "\ufeff", "\\u", ","]) + text.slice(at);
}
