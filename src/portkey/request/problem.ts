/** Describes what is wrong with an argument, and makes the error that lists every problem of a call. */
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { oneLine } from "../../errors/foreign-text.ts";

export interface Problem {
  /** The argument, as the caller would write it: `config.targets[0].weight`. Empty for the call as a whole. */
  readonly path: string;
  /** Continues the sentence after the path: "must be a number, got a string". */
  readonly text: string;
}

/** BAD_INPUT with every problem, the first for each argument only. */
export function badInput(tool: string, problems: readonly Problem[]): PortkeyMcpError {
  const firsts = new Map<string, Problem>();
  for (const problem of problems) if (!firsts.has(problem.path)) firsts.set(problem.path, problem);
  const shown = [...firsts.values()].slice(0, BOUNDS.listed);
  const lines = shown.map(problemLine);
  if (firsts.size > shown.length) lines.push(`and ${firsts.size - shown.length} more problems`);
  const list = lines.length === 1 ? ` ${lines[0]}.` : `\n- ${lines.join("\n- ")}`;
  return new PortkeyMcpError("BAD_INPUT", `${tool}: nothing was sent.${list}`, {
    tool,
    problems: shown.map(({ path, text }) => ({ path: shownPath(path), text: clip(text, BOUNDS.problem) })),
  });
}

/** One problem or warning as a line. */
export function problemLine({ path, text }: Problem): string {
  return path === "" ? clip(text, BOUNDS.problem) : `${shownPath(path)} ${clip(text, BOUNDS.problem)}`;
}

/** A path of the caller's may be of any depth, and its names of any length. */
function shownPath(path: string): string {
  return clip(path, LONGEST_PATH);
}

const LONGEST_PATH = 2 * BOUNDS.echo;

/**
 * `["config", "targets", 0, "weight"]` as `config.targets[0].weight`; a name that is no plain word is quoted. Names and
 * depth are anybody's, and there may be a path for each value: one that is longer than is shown ends there.
 */
export function formatPath(segments: readonly PropertyKey[]): string {
  let path = "";
  for (const segment of segments) {
    if (path.length > LONGEST_PATH) return `${path}…`;
    path += typeof segment === "number" ? `[${segment}]` : member(String(segment), path === "");
  }
  return path;
}

function member(name: string, isFirst: boolean): string {
  if (name.length > LONGEST_PATH || !/^[\w$-]+$/.test(name)) return `[${JSON.stringify(oneLine(name, 60))}]`;
  return isFirst ? name : `.${name}`;
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
