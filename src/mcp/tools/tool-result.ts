/**
 * MCP results for answers and errors. The text is for the model: the answer as compact JSON, or the error's message.
 * `_meta` holds facts about the call for programs.
 */
import { isObject, type Json } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { oneLine, stripInvisible } from "../../errors/foreign-text.ts";
import type { Outcome } from "../parts.ts";
import type { ToolResult } from "../registry.ts";
import { untrustedParts } from "./untrusted.ts";

/** The details of an error that go into `_meta`, with their keys there. */
const ERROR_META: Readonly<Record<string, string>> = {
  status: "portkey/status",
  errorCode: "portkey/errorCode",
  requestId: "portkey/requestId",
  traceId: "portkey/traceId",
  setting: "portkey/setting",
};

/** Characters; longer warnings are cut. */
const WARNING_LENGTH = 2_000;

function toLine(text: string): string {
  return oneLine(text, WARNING_LENGTH);
}

/** The result of a call with an answer. `notes` are lines beside the answer, such as the tool's newer name. */
export function answerResult(
  outcome: Outcome,
  record: Pick<ToolRecord, "output">,
  notes: readonly string[],
  meta: Json,
): ToolResult {
  const { body, status, requestId, traceId } = outcome;
  // Warnings may quote foreign text, so each is made one line: no text in it can look like another line.
  const warnings = (outcome.warnings ?? []).map(toLine);
  const answerNotes = (outcome.notes ?? []).map(toLine);
  const text = outcome.text ?? (typeof body === "string" ? body : (JSON.stringify(body) ?? ""));
  const lines = [
    ...notes,
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...answerNotes.map((note) => `Note: ${note}`),
  ];
  const result: { -readonly [member in keyof ToolResult]: ToolResult[member] } = { content: contentOf(text, lines) };
  // Only where the shape is this server's own: clients withhold an answer that does not fit its declared schema.
  if (record.output !== undefined && isObject(body)) result.structuredContent = withWarnings(body, warnings);
  if (outcome.failed) result.isError = true;
  result._meta = metaOf({
    ...meta,
    "portkey/untrusted": untrustedParts(body, outcome.theirs),
    "portkey/status": status,
    "portkey/requestId": requestId,
    "portkey/traceId": traceId,
    "portkey/notes": answerNotes.length > 0 ? answerNotes : undefined,
    "portkey/warnings": warnings.length > 0 ? warnings : undefined,
  });
  return result;
}

/** Content blocks for the answer and for the lines about it. */
function contentOf(text: string, lines: readonly string[]): Json[] {
  if (lines.length === 0) return [textBlock(text)];
  const beside = textBlock(lines.join("\n"));
  return text === "" ? [beside] : [textBlock(text), beside];
}

/** Adds the warnings to the structured answer, since a client may show that alone. */
function withWarnings(body: Json, warnings: readonly string[]): Json {
  const own = body["warnings"] ?? [];
  if (warnings.length === 0 || !Array.isArray(own)) return body;
  return { ...body, warnings: [...new Set([...(own as unknown[]), ...warnings])] };
}

/** The result of a call that failed: `isError`, with the error's message. */
export function errorResult(error: PortkeyMcpError, notes: readonly string[] = [], meta: Json = {}): ToolResult {
  const facts = Object.entries(ERROR_META).map(([detail, key]) => [key, error.details[detail]]);
  return {
    content: [textBlock(stripInvisible([error.message, ...notes].join("\n")))],
    isError: true,
    _meta: metaOf({ ...meta, "portkey/code": error.code, ...Object.fromEntries(facts) }),
  };
}

/**
 * The result of a call with an unexpected error, whose text is only in the log. `mayBeSent`: a request may have been
 * sent. `reader`: the tool that shows its effect.
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
  const inspection = `read the object${reader === undefined ? "" : ` with ${reader}`}`;
  return `Whether a request was sent is unknown: ${inspection} before trying again.`;
}

function textBlock(text: string): Json {
  return { type: "text", text };
}

/** The facts; undefined where all their values are. JSON leaves out single undefined values. */
function metaOf(facts: Json): Json | undefined {
  return Object.values(facts).some((value) => value !== undefined) ? facts : undefined;
}
