/** What the errors of a call that was sent are made from, and how they quote what somebody else said. */
import { findReader } from "../../catalog/readers.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { cut } from "../../errors/cut.ts";
import { oneLine } from "../../errors/foreign-text.ts";
import { maskQuotation } from "../../log/mask.ts";
import type { ChosenKey } from "../keys/take-key.ts";
import type { FailedStep } from "./next-step.ts";
import { whatHappened } from "./what-happened.ts";

/** What an error needs to know about the call. */
export interface FailedCall extends FailedStep {
  readonly key: ChosenKey;
  /** The caller's keys and the secrets it sent, which no message may contain. */
  readonly secrets: readonly string[];
  readonly origin: string;
  readonly timeoutMs: number;
}

type Secrets = Pick<FailedCall, "secrets">;

/** Characters of a message that an error quotes. */
const QUOTED = 500;
/** Of a longer message, no more can be quoted, so no more is looked through for secrets. */
const READ = 10_000;

/** What may have become of the call, and the tool that shows it. */
export function outcomeOf({ record, records, mayRead }: FailedStep): string {
  return whatHappened(record, record.risk === "read" ? undefined : findReader(records, record, mayRead)?.name);
}

/** The beginning of somebody else's words, without the call's secrets. */
export function quotable({ secrets }: Secrets, words: string): string {
  return maskQuotation(cut(words, 0, READ), secrets);
}

/** Portkey's words, without the caller's secrets, cut to what an error quotes of them. */
export function quotedMessage(call: Secrets, message: string): string {
  return oneLine(quotable(call, message), QUOTED);
}

/** Somebody else's id, as an error's details name it. */
export function idFor(call: Secrets, id: string | undefined): string | undefined {
  return id === undefined ? undefined : clip(quotable(call, id), BOUNDS.echo);
}

/** How often it was tried, where that was more than once. */
export function attemptsText(attempts: number): string {
  return attempts === 1 ? "" : ` after ${attempts} attempts`;
}
