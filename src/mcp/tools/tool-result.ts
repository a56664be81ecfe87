/**
 * MCP results from answers and errors. The text is what a model reads: the answer as compact JSON, or the error's
 * message; `_meta` holds the same facts for programs.
 */
import { isObject, type Json } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { oneLine, stripInvisible } from "../../errors/foreign-text.ts";
import type { Outcome } from "../parts.ts";
import type { ToolResult } from "../registry.ts";
import { untrustedParts } from "./untrusted.ts";

/** Which of an error's details go into `_meta`, and there under which key. */
const ERROR_META: Readonly<Record<string, string>> = {
  status: "portkey/status",
  errorCode: "portkey/errorCode",
  requestId: "portkey/requestId",
  traceId: "portkey/traceId",
  setting: "portkey/setting",
};

/** Longer warnings are cut. */
const WARNING_LENGTH = 2_000;

function lineOf(text: string): string {
  return oneLine(text, WARNING_LENGTH);
}

/** The result of a call that was answered. `notes` are lines beside the answer, such as the tool's newer name. */
export function resultOf(
  outcome: Outcome,
  record: Pick<ToolRecord, "output">,
  notes: readonly string[],
  meta: Json,
): ToolResult {
  const { body, status, requestId, traceId } = outcome;
  // They name members and values of others: whatever those hold, a warning stays one line of its own.
  const warnings = (outcome.warnings ?? []).map(lineOf);
  const further = (outcome.notes ?? []).map(lineOf);
  const text = outcome.text ?? (typeof body === "string" ? body : (JSON.stringify(body) ?? ""));
  const lines = [
    ...notes,
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...further.map((note) => `Note: ${note}`),
  ];
  const result: { -readonly [member in keyof ToolResult]: ToolResult[member] } = { content: contentOf(text, lines) };
  // Only where the shape is ours: a client that checks an answer against a declared shape may otherwise withhold it.
  if (record.output !== undefined && isObject(body)) result.structuredContent = withWarnings(body, warnings);
  if (outcome.failed) result.isError = true;
  result._meta = metaOf({
    ...meta,
    "portkey/untrusted": untrustedParts(body, outcome.theirs),
    "portkey/status": status,
    "portkey/requestId": requestId,
    "portkey/traceId": traceId,
    "portkey/notes": further.length > 0 ? further : undefined,
    "portkey/warnings": warnings.length > 0 ? warnings : undefined,
  });
  return result;
}

/** The answer, and beside it the lines about it. */
function contentOf(text: string, lines: readonly string[]): Json[] {
  if (lines.length === 0) return [textBlock(text)];
  const beside = textBlock(lines.join("\n"));
  return text === "" ? [beside] : [textBlock(text), beside];
}

/** A client may show the structured answer alone: so the warnings stand there too, beside the tool's own. */
function withWarnings(body: Json, warnings: readonly string[]): Json {
  const own = body["warnings"] ?? [];
  if (warnings.length === 0 || !Array.isArray(own)) return body;
  return { ...body, warnings: [...new Set([...(own as unknown[]), ...warnings])] };
}

/** The result of a call that failed: `isError`, with the message that says what to do next. */
export function errorResult(error: PortkeyMcpError, notes: readonly string[] = [], meta: Json = {}): ToolResult {
  const facts = Object.entries(ERROR_META).map(([detail, key]) => [key, error.details[detail]]);
  return {
    content: [textBlock(stripInvisible([error.message, ...notes].join("\n")))],
    isError: true,
    _meta: metaOf({ ...meta, "portkey/code": error.code, ...Object.fromEntries(facts) }),
  };
}

/**
 * The result of a call that met a defect of this server, whose text stays in the log. `mayBeSent`: it may be out;
 * `reader`: the tool that shows what became of it.
 */
export function defectResult(
  { name, risk }: Pick<ToolRecord, "name" | "risk">,
  mayBeSent: boolean,
  reader: string | undefined,
  meta: Json = {},
): ToolResult {
  return {
    content: [
      textBlock(
        `${name} failed inside this server, not at Portkey; its log has the reason. ` +
          `${defectOutcome(name, risk, mayBeSent, reader)}`,
      ),
    ],
    isError: true,
    _meta: metaOf({ ...meta, "portkey/code": "DEFECT" }),
  };
}

function defectOutcome(name: string, risk: ToolRecord["risk"], mayBeSent: boolean, reader?: string): string {
  if (risk === "read") return `It only reads: it is safe to call ${name} again.`;
  if (!mayBeSent) return "Nothing was sent.";
  const look = `read the object${reader === undefined ? "" : ` with ${reader}`}`;
  return `Whether a request was sent is unknown: ${look} before trying again.`;
}

function textBlock(text: string): Json {
  return { type: "text", text };
}

/** What is undefined is not written as JSON; undefined where nothing else is there. */
function metaOf(facts: Json): Json | undefined {
  return Object.values(facts).some((value) => value !== undefined) ? facts : undefined;
}
