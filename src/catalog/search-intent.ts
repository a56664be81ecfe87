/**
 * What a request wants done, read from its first telling word: a question wants to read, a verb says the rest.
 * Search lets tools of that risk count more, since verbs are too common for word statistics to weigh them.
 */
import type { Risk } from "./record.ts";
import { wordsOf } from "./search-terms.ts";

/** A word may stand in several lines: `add` a key is to create, `add` retries to a config to update. */
const WORDS: Readonly<Record<Risk, string>> = {
  read:
    "are average browse check compare cost count describe did differ display does download error export fetch find get had has have having how inspect is latency list look many most much need open overview ping " +
    "preview read render report search see show summary test top trend usage verify view was were what when where which who whose why",
  create:
    "add back backup bring build copy connect create define dump execute export generate give import introduce ingest insert invite issue limit make map migrate new onboard promote provision push put record register restrict run save send set " +
    "store sync upload upsert use",
  update:
    "adapt add adjust allow elevate forbid skip tweak configure alter apply assign block bypass change configure correct demote deny detach disable edit enable enforce exclude exempt extend fix give grant hide increase keep let lift limit loosen lower make " +
    "modify move override point promote put raise refresh rename replace resend restrict rewrite roll rotate save send set share start swap switch sync tag take tighten turn unblock update withdraw",
  destroy:
    "abort archive cut discard wipe quit undo revert rollback cancel clean close decommission delete deploy destroy disconnect drop erase expire kick kill leave lift offboard publish purge release remove renew reset retire revoke roll rotate shut stop " +
    "take terminate throw unblock uninstall unmap unregister withdraw",
};

const byWord = new Map<string, Set<Risk>>();
for (const [risk, words] of Object.entries(WORDS)) {
  for (const word of words.split(" ")) byWord.set(word, (byWord.get(word) ?? new Set()).add(risk as Risk));
}

const UNKNOWN: ReadonlySet<Risk> = new Set();

/** The risks the request may mean; none where no word tells. "How do I delete" wants to delete, "how many" to read. */
export function intentOf(request: string): ReadonlySet<Risk> {
  const words = wordsOf(request.replace(/\bhow (do|can|could|should|would|to)( \w+)?/i, ""));
  const telling = words.find((word) => byWord.has(word));
  return (telling !== undefined && byWord.get(telling)) || UNKNOWN;
}
