/**
 * Asks the person behind the client before a tool of risk destroy runs, and shows what it is about to hit, by name.
 * Only where the client declared that it can ask; what `always` means where it cannot is a refusal, never a wait.
 */
import { decide } from "../../catalog/decide.ts";
import type { Catalogue } from "../../catalog/lookup.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { maskSecrets } from "../../log/mask.ts";
import type { CallContext, Portkey } from "../../portkey/port.ts";
import { callContextOf } from "./call-context.ts";
import { fetchTargetName } from "./confirm-target.ts";
import type { Arguments, CheckArguments, Confirm, Confirmation } from "../parts.ts";
import type { ElicitOutcome } from "../registry.ts";

export interface ConfirmParts {
  readonly catalogue: Catalogue;
  readonly portkey: Portkey;
  readonly check: CheckArguments;
}

/** The longest value that the question shows of an argument. */
const SHOWN_LENGTH = 120;

export function createConfirm(parts: ConfirmParts): Confirm {
  return async (confirmation) => {
    const { record, args, caller, link } = confirmation;
    if (caller.policy.confirm === "never" || !(record.risk === "destroy" || putsLive(record, args))) return;
    if (link.elicit === undefined) {
      if (caller.policy.confirm === "auto") return;
      throw new PortkeyMcpError(
        "NOT_ALLOWED",
        `${record.name} needs a person's word (PORTKEY_CONFIRM=always), and this client cannot ask for it (no elicitation). Nothing was sent. Use a client that can, or dry_run: true to see the request.`,
        { setting: "PORTKEY_CONFIRM" },
      );
    }
    // No question is asked about a call that cannot be made.
    const { parsed } = await parts.check(record, args);
    const outcome = await ask(confirmation, await questionFor(parts, confirmation, parsed));
    if (outcome.action === "accept" && outcome.content?.["confirm"] === true) return;
    throw new PortkeyMcpError(
      "DECLINED",
      `${record.name} was not run: ${REASONS[outcome.action]} Nothing was sent. Do not try again unless asked to.`,
      { answer: outcome.action },
    );
  };
}

/** Whether a composite is told to publish what it writes, which is a destructive tool's work. */
function putsLive({ composite, arguments: known }: ToolRecord, args: Arguments): boolean {
  return (
    composite !== undefined &&
    args["publish"] === true &&
    known.some(({ name, place }) => name === "publish" && place === "own")
  );
}

const REASONS: Readonly<Record<ElicitOutcome["action"], string>> = {
  accept: "the person answered, but did not confirm it.",
  decline: "the person declined.",
  cancel: "the person closed the question without an answer.",
};

/** The form of the question: one box to tick. */
function formFor(title: string) {
  return {
    type: "object",
    properties: {
      confirm: { type: "boolean", title, description: "Tick and accept to go on; anything else stops it." },
    },
    required: ["confirm"],
  };
}

/** The answer, or the end of the call where that comes first; a client that fails to ask has not been given a yes. */
async function ask({ record, link }: Confirmation, question: string): Promise<ElicitOutcome> {
  const { signal } = link;
  signal.throwIfAborted();
  let stop = () => {};
  const ended = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([link.elicit?.(question, formFor(record.title)) as Promise<ElicitOutcome>, ended]);
  } catch (error) {
    if (signal.aborted) throw error;
    throw new PortkeyMcpError(
      "DECLINED",
      `${record.name} was not run: the client did not get an answer from a person. Nothing was sent.`,
      {},
      { cause: error },
    );
  } finally {
    signal.removeEventListener("abort", stop);
    // Nobody waits for it once the race is over.
    ended.catch(() => undefined);
  }
}

/** `Delete prompt: "checkout" (prompt_id pp-1). Delete a prompt with all its versions; …` */
async function questionFor(
  parts: ConfirmParts,
  { record, caller, link }: Confirmation,
  { values, key }: { readonly values: Arguments; readonly key?: CallContext["key"] },
): Promise<string> {
  const context = { ...callContextOf(caller, link), key };
  const target = await fetchTargetName(parts, record, values, context, (other) => decide(caller.policy, other).allowed);
  const argumentTexts = Object.entries(maskSecrets(values) as Arguments).map(
    ([name, value]) => `${name} ${shown(value)}`,
  );
  const details = argumentTexts.length > 0 ? ` (${argumentTexts.join(", ")})` : "";
  return `${record.title}${target === undefined ? "" : `: "${target}"`}${details}. ${record.description}`;
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
