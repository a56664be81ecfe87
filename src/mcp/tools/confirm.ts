/**
 * Asks the person behind the client before a tool of risk destroy runs, and shows what it is about to hit, by name.
 * Only where the client declared that it can ask; what `always` means where it cannot is a refusal, never a wait.
 * What is judged and shown is the call as it will be sent: checked, with `more` unpacked.
 */
import { decide } from "../../catalog/decide.ts";
import type { Catalogue } from "../../catalog/lookup.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { CallContext, Portkey } from "../../portkey/port.ts";
import { callContextOf } from "./call-context.ts";
import { fetchTargetName } from "./confirm-target.ts";
import { questionText } from "./confirm-question.ts";
import { createOpenQuestions, type QuestionLimits } from "./open-questions.ts";
import type { Arguments, CheckArguments, Confirm, Confirmation } from "../parts.ts";
import type { ElicitOutcome } from "../registry.ts";

export interface ConfirmParts {
  readonly catalogue: Catalogue;
  readonly portkey: Portkey;
  readonly check: CheckArguments;
  readonly questions?: Partial<QuestionLimits>;
}

const LIMITS: QuestionLimits = { timeoutMs: 120_000, most: 16 };

export function createConfirm(parts: ConfirmParts): Confirm {
  const questions = createOpenQuestions({ ...LIMITS, ...parts.questions });
  return async (confirmation) => {
    const { record, args, caller, link } = confirmation;
    const { elicit } = link;
    if (caller.policy.confirm === "never" || !(record.risk === "destroy" || canPutLive(record))) return;
    if (elicit === undefined && caller.policy.confirm === "auto") return;
    // No question is asked about a call that cannot be made.
    const { parsed } = await parts.check(record, args);
    if (parsed.dryRun || !(record.risk === "destroy" || putsLive(parsed.values))) return;
    if (elicit === undefined) throw cannotAsk(record);
    const question = await questionFor(parts, confirmation, parsed);
    const outcome = await questions.wait(record.name, caller, link, (ended) =>
      elicit(question, formFor(record.title), undefined, ended),
    );
    if (outcome.action === "accept" && outcome.content?.["confirm"] === true) return;
    const reason = REASONS.get(outcome.action) ?? "the client's answer was none.";
    throw new PortkeyMcpError(
      "DECLINED",
      `${record.name} was not run: ${reason} Nothing was sent. Do not try again unless asked to.`,
      { answer: REASONS.has(outcome.action) ? outcome.action : "unknown" },
    );
  };
}

function cannotAsk({ name }: ToolRecord): PortkeyMcpError {
  return new PortkeyMcpError(
    "NOT_ALLOWED",
    `${name} needs a person's word (PORTKEY_CONFIRM=always), and this client cannot ask for it (no elicitation). ` +
      "Nothing was sent. Use a client that can, or dry_run: true to see the request.",
    { setting: "PORTKEY_CONFIRM" },
  );
}

/** Whether a composite can be told to publish what it writes, which is a destructive tool's work. */
function canPutLive({ composite, arguments: known }: ToolRecord): boolean {
  return composite !== undefined && known.some(({ name, place }) => name === "publish" && place === "own");
}

/** Anything but a plain no counts as a yes to publishing: asking once too often harms nobody. */
function putsLive({ publish }: Arguments): boolean {
  return publish !== undefined && publish !== null && publish !== false;
}

const REASONS: ReadonlyMap<string, string> = new Map<ElicitOutcome["action"], string>([
  ["accept", "the person answered, but did not confirm it."],
  ["decline", "the person declined."],
  ["cancel", "the person closed the question without an answer."],
]);

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

async function questionFor(
  parts: ConfirmParts,
  { record, caller, link }: Confirmation,
  { values, key }: { readonly values: Arguments; readonly key?: CallContext["key"] },
): Promise<string> {
  const context = { ...callContextOf(caller, link), key };
  const admits = (other: ToolRecord) => decide(caller.policy, other).allowed;
  const target = await fetchTargetName(parts, { record, args: values, context }, admits);
  return questionText(record, target, values, key);
}
