/**
 * Asks the person who uses the client before a tool of risk destroy runs, and names the object that it will change.
 * Where the client did not declare that it can ask, the policy `auto` lets the call run and `always` refuses it.
 * The question is about the call as it will be sent: checked, with `more` unpacked.
 */
import { decide } from "../../catalog/decide.ts";
import type { Catalogue } from "../../catalog/lookup.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { CallContext, Portkey } from "../../portkey/port.ts";
import { createCallContext } from "./call-context.ts";
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

const LIMITS: QuestionLimits = { timeoutMs: 120_000, maxOpen: 16 };

export function createConfirm(parts: ConfirmParts): Confirm {
  const questions = createOpenQuestions({ ...LIMITS, ...parts.questions });
  return async (confirmation) => {
    const { record, args, caller, link } = confirmation;
    const { elicit } = link;
    if (caller.policy.confirm === "never" || !(record.risk === "destroy" || canPutLive(record))) return;
    if (elicit === undefined && caller.policy.confirm === "auto") return;
    // Checked first, so that no question is asked about an invalid call.
    const { parsed } = await parts.check(record, args);
    if (parsed.dryRun || !(record.risk === "destroy" || putsLive(parsed.values))) return;
    if (elicit === undefined) throw cannotAsk(record);
    const question = await writeQuestion(parts, confirmation, parsed);
    const outcome = await questions.wait(record.name, caller, link, (ended) =>
      elicit(question, confirmForm(record.title), undefined, ended),
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

/** Whether a composite has the argument `publish`, which does what a destructive tool does. */
function canPutLive({ composite, arguments: known }: ToolRecord): boolean {
  return composite !== undefined && known.some(({ name, place }) => name === "publish" && place === "own");
}

/** Whether the call may publish. Only `false` or an absent value counts as no: in doubt the person is asked. */
function putsLive({ publish }: Arguments): boolean {
  return publish !== undefined && publish !== null && publish !== false;
}

const REASONS: ReadonlyMap<string, string> = new Map<ElicitOutcome["action"], string>([
  ["accept", "the person answered, but did not confirm it."],
  ["decline", "the person declined."],
  ["cancel", "the person closed the question without an answer."],
]);

/** The form of the question: one checkbox. */
function confirmForm(title: string) {
  return {
    type: "object",
    properties: {
      confirm: { type: "boolean", title, description: "Tick and accept to go on; anything else stops it." },
    },
    required: ["confirm"],
  };
}

async function writeQuestion(
  parts: ConfirmParts,
  { record, caller, link }: Confirmation,
  { values, key }: { readonly values: Arguments; readonly key?: CallContext["key"] },
): Promise<string> {
  const context = { ...createCallContext(caller, link), key };
  const admits = (other: ToolRecord) => decide(caller.policy, other).allowed;
  const target = await fetchTargetName(parts, { record, args: values, context }, admits);
  return questionText(record, target, values, key);
}
