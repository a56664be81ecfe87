/** The data for errors of calls that were sent, and how such errors quote foreign texts. */
import { findReader } from "../../catalog/readers.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { cut } from "../../errors/cut.ts";
import { oneLine } from "../../errors/foreign-text.ts";
import { maskQuotation } from "../../log/mask.ts";
import type { ChosenKey } from "../keys/take-key.ts";
import type { FailedStep } from "./next-step.ts";
import { unknownOutcomeText } from "./unknown-outcome.ts";

/** The failed call, as an error describes it. */
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
/** Characters of a message that are searched for secrets; no more than these can be quoted. */
const READ = 10_000;

/** A sentence about the possible outcome of the call, with the tool that shows it. */
export function outcomeText({ record, records, mayRead }: FailedStep): string {
  return unknownOutcomeText(record, record.risk === "read" ? undefined : findReader(records, record, mayRead)?.name);
}

/** The beginning of a foreign text, without the call's secrets. */
export function maskForeign({ secrets }: Secrets, words: string): string {
  return maskQuotation(cut(words, 0, READ), secrets);
}

/** Portkey's message as one line, without the caller's secrets, cut to the length that an error quotes. */
export function quoteMessage(call: Secrets, message: string): string {
  return oneLine(maskForeign(call, message), QUOTED);
}

/** A foreign id, for an error's details. */
export function quoteId(call: Secrets, id: string | undefined): string | undefined {
  return id === undefined ? undefined : clip(maskForeign(call, id), BOUNDS.echo);
}

/** The number of attempts, where it was more than one. */
export function attemptsText(attempts: number): string {
  return attempts === 1 ? "" : ` after ${attempts} attempts`;
}
