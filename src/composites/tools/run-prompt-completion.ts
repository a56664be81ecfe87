/** run_prompt_completion: checks metadata and sends it as a header; returns the whole answer, also of a stream. */
import { isObject, type Json } from "../../catalog/json.ts";
import { text as textOf } from "node:stream/consumers";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip, joinFirst } from "../../errors/clip.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { maskQuotation } from "../../log/mask.ts";
import { CompletionAssembly } from "../completion/assemble-completion.ts";
import type { Composite, CompositeContext, CompositeResult, RequestOptions } from "../composite.ts";
import { limitStream } from "../streams/limit-stream.ts";
import { eventData } from "../completion/event-stream.ts";
import { checkFreeMetadata, checkMetadata } from "../completion/metadata-rules.ts";
import { parseJson } from "../../portkey/response/upstream-error.ts";
import { withoutUndefined, parseObject } from "../values/portkey-values.ts";

const TOOL = "run_prompt_completion";
const LIMITS = {
  bytes: BOUNDS.completionBytes,
  idleMs: BOUNDS.completionIdleMs,
  totalMs: BOUNDS.completionTotalMs,
};
/** Characters of an error in the stream that are quoted. */
const QUOTED = 500;
/** Characters of it that are searched for secrets. */
const READ = 10_000;
const TRACE_HEADERS = ["x-portkey-trace-id", "x-portkey-request-id"];

export const composite: Composite<"run-prompt-completion"> = async ({ metadata, ...args }, context) => {
  const { warnings, headers } = readMetadata(metadata, context.settings);
  const options = { headers: { ...traceHeaders(context), ...headers } };
  const noted = warnings.length > 0 ? { warnings } : {};
  if (context.dryRun) return { dry_run: true, ...noted, would_send: [await context.plan(TOOL, args, options)] };
  if (args.stream === true && context.open)
    return { ...(await streamCompletion(context.open, args, options, context)), ...noted };
  const { body, traceId } = await context.call(TOOL, args.stream === true ? { ...args, stream: false } : args, options);
  return { ...(isObject(body) ? body : { answer: body }), ...withoutUndefined({ trace_id: traceId }), ...noted };
};

/** The header for the metadata, with warnings. Fields are required only where the settings say so. */
function readMetadata(
  metadata: unknown,
  settings: Readonly<Record<string, string>>,
): { warnings: readonly string[]; headers?: RequestOptions["headers"] } {
  const isRuled = settings["PORTKEY_METADATA_REQUIRED"] !== undefined;
  if (metadata === undefined && !isRuled) return { warnings: [] };
  const fields = isObject(metadata) ? metadata : {};
  const { errors, warnings } = isRuled ? checkMetadata(fields, settings) : checkFreeMetadata(fields, settings);
  if (errors.length > 0) {
    const sentences = errors.map((error) => `metadata.${error}`);
    throw new PortkeyMcpError("BAD_INPUT", `${TOOL}: nothing was sent. ${joinFirst(sentences, BOUNDS.listed, " ")}`, {
      problems: errors,
    });
  }
  // A header carries ASCII, so other characters are escaped as JSON allows.
  const header = JSON.stringify(fields).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return { warnings, headers: { "x-portkey-metadata": header } };
}

/** Headers that make Portkey's log of the completion part of the call's trace. */
function traceHeaders({ trace }: CompositeContext): NonNullable<RequestOptions["headers"]> {
  return trace === undefined ? {} : { "x-portkey-trace-id": trace.traceId, "x-portkey-parent-span-id": trace.spanId };
}

async function streamCompletion(
  open: NonNullable<CompositeContext["open"]>,
  args: Json,
  options: RequestOptions | undefined,
  context: CompositeContext,
): Promise<CompositeResult> {
  const { progress, quote = maskQuotation } = context;
  const response = await open(TOOL, args, options);
  const trace = withoutUndefined({
    trace_id: TRACE_HEADERS.flatMap((name) => response.headers.get(name) ?? []).map((id) => quote(id))[0],
  });
  if (response.body === null) return trace;
  const body = limitStream(response.body, LIMITS);
  if (!(response.headers.get("content-type") ?? "").includes("event-stream")) {
    const text = await textOf(body).catch((error: unknown) => {
      throw brokenOff(error, context);
    });
    return { ...(parseObject(text) ?? { answer: text }), ...trace };
  }
  const assembly = new CompletionAssembly();
  const failed = await assemble(assembly, eventData(body), { progress, quote });
  const answer = { ...assembly.answer(), ...trace };
  if (failed === undefined) return answer;
  return {
    ...answer,
    failed: { tool: TOOL, ...failed },
    next: "What had arrived is here, and is paid for. Calling again starts, and costs, a new completion.",
  };
}

/** What a body that is read as a whole ended with; a cancelled call stays one. */
function brokenOff(error: unknown, { signal, quote = maskQuotation }: CompositeContext): unknown {
  if (signal.aborted) return error;
  const reason = clip(quote(error instanceof Error ? error.message : String(error)), QUOTED);
  const sentences =
    `${TOOL}: the answer broke off. ${reason} The prompt was run, and is paid for. ` +
    "Calling again starts, and costs, a new completion.";
  return new PortkeyMcpError("UNREACHABLE", sentences, {}, { cause: error });
}

interface Failure {
  readonly code: "PORTKEY" | "UNREACHABLE";
  readonly message: string;
}

/** Adds the events to the assembly; returns the failure, if any, that ended the stream early. */
async function assemble(
  assembly: CompletionAssembly,
  events: AsyncIterable<string>,
  { progress, quote }: Required<Pick<CompositeContext, "progress" | "quote">>,
): Promise<Failure | undefined> {
  try {
    for await (const data of events) {
      if (data.trim() === "[DONE]") return undefined;
      const chunk = parseJson(data);
      if (!isObject(chunk)) continue;
      if (isObject(chunk["error"]) && chunk["choices"] === undefined) {
        const quoted = clip(quote(data.slice(0, READ)), QUOTED);
        return { code: "PORTKEY", message: `The stream ended with an error: ${quoted}` };
      }
      assembly.add(chunk);
      progress(assembly.chunks, undefined, `${assembly.chunks} chunks`);
    }
  } catch (error) {
    const reason = quote(error instanceof Error ? error.message : String(error));
    return { code: "UNREACHABLE", message: `The stream broke off: ${reason}` };
  }
  if (isFinished(assembly.answer())) return undefined;
  return { code: "UNREACHABLE", message: "The stream ended before the answer did." };
}

/** Whether the answer is complete without [DONE], which some providers omit: every choice has a finish_reason. */
function isFinished(answer: Json): boolean {
  const choices = answer["choices"];
  return (
    Array.isArray(choices) &&
    choices.length > 0 &&
    choices.every((choice) => isObject(choice) && typeof choice["finish_reason"] === "string")
  );
}
