/** What is wrong with one argument, and the one error that tells a caller everything wrong with a call at once. */
import { PortkeyMcpError } from "../../errors/errors.ts";
import { oneLine } from "../../errors/foreign-text.ts";

export interface Problem {
  /** The argument, as the caller would write it: `config.targets[0].weight`. Empty for the call as a whole. */
  readonly path: string;
  /** Reads on after the path: "must be a number, got a string". */
  readonly text: string;
}

/** More than these are counted, not spelled out. */
const SHOWN = 10;

/** BAD_INPUT with every problem, the first for each argument only. */
export function badInput(tool: string, problems: readonly Problem[]): PortkeyMcpError {
  const firsts = new Map<string, Problem>();
  for (const problem of problems) if (!firsts.has(problem.path)) firsts.set(problem.path, problem);
  const all = [...firsts.values()];
  const lines = all.slice(0, SHOWN).map(problemLine);
  if (all.length > SHOWN) lines.push(`and ${all.length - SHOWN} more problems`);
  const list = lines.length === 1 ? ` ${lines[0]}.` : `\n- ${lines.join("\n- ")}`;
  return new PortkeyMcpError("BAD_INPUT", `${tool}: nothing was sent.${list}`, {
    tool,
    problems: all.slice(0, SHOWN).map(({ path, text }) => ({ path, text })),
  });
}

/** One problem or warning as a line. */
export function problemLine({ path, text }: Problem): string {
  return path === "" ? text : `${path} ${text}`;
}

/** `["config", "targets", 0, "weight"]` as `config.targets[0].weight`; a name that is no plain word is quoted. */
export function formatPath(segments: readonly PropertyKey[]): string {
  let path = "";
  for (const segment of segments) {
    if (typeof segment === "number") path += `[${segment}]`;
    else if (/^[\w$-]+$/.test(String(segment))) path += path === "" ? String(segment) : `.${String(segment)}`;
    else path += `[${JSON.stringify(oneLine(String(segment), 60))}]`;
  }
  return path;
}

/** The JSON type of a value, for messages. */
export function jsonType(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  return Array.isArray(value) ? "array" : typeof value;
}

/** "a string", "an object", "null": a JSON type with its article. */
export function withArticle(type: string): string {
  if (type === "null" || type === "nothing") return type;
  return `${/^[aeio]/.test(type) ? "an" : "a"} ${type}`;
}

/** At most `length` characters of a text that somebody else wrote. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
