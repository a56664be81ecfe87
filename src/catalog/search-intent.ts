/**
 * What a request wants done, read from its first telling word: a question wants to read, a verb says the rest.
 * Search lets tools of that risk count more, since verbs are too common for word statistics to weigh them.
 */
import type { Risk } from "./record.ts";
import { wordsOf } from "./search-terms.ts";

/** A word may stand in several lines: `add` a key is to create, `add` retries to a config to update. */
const WORDS: Readonly<Record<Risk, string>> = {
  read:
    "are average browse check compare cost count describe did differ display does download error export " +
    "fetch find get had has have having how inspect is latency list look many most much need open overview " +
    "ping " +
    "preview read render report search see show summary test top trend usage verify view was were what when " +
    "where which who whose why",
  create:
    "add back backup bring build copy connect create define dump execute export generate give import " +
    "introduce ingest insert invite issue limit make map migrate new onboard promote provision push put " +
    "record register restrict run save send set " +
    "store sync upload upsert use",
  update:
    "adapt add adjust allow elevate forbid skip tweak configure alter apply assign block bypass change " +
    "configure correct demote deny detach disable edit enable enforce exclude exempt extend fix give grant " +
    "hide increase keep let lift limit loosen lower make " +
    "modify move override point promote put raise refresh rename replace resend restrict rewrite roll rotate " +
    "save send set share start swap switch sync tag take tighten turn unblock update withdraw",
  destroy:
    "abort archive ban bin chuck cut discard wipe quit undo revert rollback cancel clean close decommission " +
    "delete deploy destroy disconnect drop erase expire kick kill leave lift offboard publish purge release " +
    "remove renew reset retire revoke roll rotate shut stop " +
    "take terminate throw unblock uninstall unmap unregister withdraw",
};

const byWord = new Map<string, Set<Risk>>();
for (const [risk, words] of Object.entries(WORDS)) {
  for (const word of words.split(" ")) byWord.set(word, (byWord.get(word) ?? new Set()).add(risk as Risk));
}

const UNKNOWN: ReadonlySet<Risk> = new Set();
const UPDATE: ReadonlySet<Risk> = new Set(["update"]);

/** A pattern that finds one of `words`, which stand apart by blanks. */
const anyOf = (words: string): RegExp => new RegExp(`\\b(?:${words.split(" ").join("|")})\\b`);

/** Attributes that are no objects of their own: to take one away changes something, whatever it is. */
const ONLY_ATTRIBUTE_WORDS =
  "expir\\w* icons? avatars? descriptions? colou?rs? alerts? dates? permissions? scopes? timeouts? weights? " +
  "conditions? rotation defaults? fallbacks? retr(?:y|ies) cache caching headers? billing charging access rights? " +
  "schedules? regex patterns?";
/** What objects have and tools change: taking one away from its object changes the object. */
const ATTRIBUTE_WORDS =
  `${ONLY_ATTRIBUTE_WORDS} caps? limits? budgets? quotas? notes? comments? tags? metadata mails? emails? ` +
  "address(?:es)? parents? variables? targets? words? names? labels? domains? ips? models? passwords? throttl\\w*";
const ATTRIBUTES = anyOf(ATTRIBUTE_WORDS);
const ONLY_ATTRIBUTES = anyOf(ONLY_ATTRIBUTE_WORDS);
/** What lies between an attribute and the object that has it. */
const BELONGS = /\b(?:of|off|from|on|in|out of|to|for) (?:(?:the|this|that|our|my|a|an|its|their|all|every) )*/;
/** Verbs that take something away. */
const TAKES_AWAY =
  /\b(?:clear|cut|delete|disable|drop|erase|kill|lift|no more|remove|stop|strip|take|unset|unlink|wipe)\b(?: away)?/;
/** Verbs that leave the object: "clear the limit", "take the cap off". */
const LEAVES_OBJECT = new RegExp(
  "\\b(?:clear|lift|unset|strip|take (?:\\w+ ){1,4}(?:off|away)|" +
    "(?:no more|without|(?:stop|remove|take away|drop|cut) (?:the|any|this|that|our|my|all)) " +
    "(?:spending |monthly |\\d+ )?(?:limits?|caps?|budgets?|quotas?))\\b",
);
/** Says outright that the object itself ends. */
const OBJECT_ENDS =
  /\b(?:delete|remove|destroy|erase) (?:the |this |that |our )?(?:\w+ )?(?:policy|policies|usage limits?|rate limits?)\b/;

/** "the regex guardrail", "the expired keys": the attribute only says which. */
const ENDS_IN_OBJECT = new RegExp(
  "\\b(?:guardrails?|configs?|keys?|prompts?|partials?|labels?|integrations?|servers?|agents?|workspaces?|" +
    "collections?|deployments?|exports?|providers?)$",
);

/** An attribute that a request takes away: the words of the object that loses it, where the request names one. */
export interface TakenAttribute {
  readonly object: string | undefined;
}

/**
 * The attribute that `request` takes away, with its object: "key" in "take the expiry date off the key". Undefined
 * where it takes away no attribute: "remove the person from the team" is about a person.
 */
export function takenAttribute(request: string): TakenAttribute | undefined {
  const verb = TAKES_AWAY.exec(request);
  if (verb === null) return undefined;
  const [rest = ""] = request.slice(verb.index + verb[0].length).split(" , ");
  const link = BELONGS.exec(rest);
  if (link === null && OBJECT_ENDS.test(request)) return undefined;
  if (link === null && ENDS_IN_OBJECT.test(rest.trim()) && !LEAVES_OBJECT.test(request)) return undefined;
  const attribute = link === null ? rest : rest.slice(0, link.index);
  // A label for prompts, or for versions, is a label.
  if (link !== null && /\blabels? $/.test(attribute) && link[0].startsWith("for ")) return undefined;
  if (link !== null && ATTRIBUTES.test(attribute)) return { object: rest.slice(link.index + link[0].length) };
  const leaves = LEAVES_OBJECT.test(request) && ATTRIBUTES.test(attribute);
  return leaves || ONLY_ATTRIBUTES.test(attribute) ? { object: undefined } : undefined;
}

/** The risks the request may mean; none where no word tells. "How do I delete" wants to delete, "how many" to read. */
export function intentOf(request: string): ReadonlySet<Risk> {
  if (takenAttribute(request) !== undefined) return UPDATE;
  const marked = /!(\w+)/.exec(request)?.[1];
  if (marked !== undefined) return byWord.get(marked) ?? UNKNOWN;
  const words = wordsOf(telling(request.replace(/\bhow (?:do|can|could|should|would|to)(?: \w+)?/i, "")));
  const verb = words.find((word) => byWord.has(word));
  if (verb !== undefined) return byWord.get(verb) ?? UNKNOWN;
  return WISH.test(request) ? UPDATE : UNKNOWN;
}

/** A sentence that wants something to be otherwise. */
const WISH = /\b(?:must|should|shall|becomes?|may not|has to|needs to)\b/;

/** A request often says first what happened, and what is wanted last: "the key leaked, give it a new secret". */
function telling(request: string): string {
  const clauses = request
    .split(/,\s*(?:(?:and|so|please)\s)*/)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== "");
  const [first = "", ...others] = clauses;
  const asksAtOnce = byWord.has(wordsOf(first)[0] ?? "");
  return asksAtOnce || others.length === 0 ? request : (others.at(-1) as string);
}
