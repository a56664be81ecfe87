/**
 * Finds the members of an answer whose text comes from outside: names, notes, prompts, logs, metadata.
 * It goes by the member's name, whatever the tool: Portkey uses the same names everywhere, and answers more than it
 * documents. Any other text of several words counts as foreign too.
 */

/** Members' names by the reason why their text is foreign. Everything inside such a member is foreign too. */
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

/** Whether a member of this name holds foreign text; `display_name` and `displayName` are the same. */
export function isForeignMember(name: string): boolean {
  const plain = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
  return FOREIGN.has(plain) || FOREIGN_END.test(plain);
}

const SPACE = /\s/;
const TIME = /^[\d\-:.+TZ ]+$/;

/** Whether a text has several words and so may be a sentence. Ids, enum values and times are not. */
export function holdsSentence(text: string): boolean {
  // Nearly all values fail the first test, which spares them the copy that `trim` makes.
  return SPACE.test(text) && SPACE.test(text.trim()) && !TIME.test(text);
}
