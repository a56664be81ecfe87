/**
 * Which members of an answer hold what people or programs outside wrote: names, notes, prompts, logs, metadata. By the
 * member's name, whatever the tool, since Portkey calls the same things the same everywhere and often answers more than
 * it documents; and any other text that has room for a sentence.
 */

/** By why others decide what stands there. Each holds all that is inside it too. */
const MEMBERS: Readonly<Record<string, string>> = {
  "people name and describe things":
    "name names title display_name full_name first_name last_name user username owner description purpose note " +
    "notes comment comments reason email emails alert_emails labels tags icon",
  "people write prompts":
    "string template messages prompt prompts content contents text system instructions variables partial partials " +
    "functions tools tool_choice suffix stop",
  "callers send what they like, and models answer it":
    "request response request_body response_body body headers input inputs output outputs query params payload " +
    "choices completion completions delta logs log_data metadata prompt_metadata template_metadata custom_metadata " +
    "defaults_metadata _metadata metadata_value trace feedback user_agent uri url website_url",
  "other servers and agents speak of themselves":
    "server_info agent_card card skills capabilities resources icons error error_message last_error message " +
    "messages_text",
  "rules hold texts of their writers": "checks parameters conditions custom_headers passthrough",
};

const FOREIGN = new Set(Object.values(MEMBERS).flatMap((names) => names.split(" ")));
const FOREIGN_END = /_(?:names?|title|description|note|notes|comment|message|text|email|metadata|label|tags)$/;

/** Whether a member of this name holds what others wrote: `display_name`, `displayName`. */
export function isForeignMember(name: string): boolean {
  const plain = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
  return FOREIGN.has(plain) || FOREIGN_END.test(plain);
}

/** Ids, words of the API and times have no room for a sentence: everything else may hold one. */
const SENTENCE = /\s/;
const TIME = /^[\d\-:.+TZ ]+$/;

export function holdsSentence(text: string): boolean {
  return SENTENCE.test(text) && SENTENCE.test(text.trim()) && !TIME.test(text);
}
