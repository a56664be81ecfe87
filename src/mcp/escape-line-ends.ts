/**
 * Escapes U+0085, U+2028 and U+2029 in JSON, since some clients treat them as line ends. In JSON these characters can
 * only occur in strings, so that every one may become an escape sequence.
 */
const LINE_ENDS = /[\u0085\u2028\u2029]/g;
const ANY = /[\u0085\u2028\u2029]/;

export function escapeLineEnds(json: string): string {
  if (!ANY.test(json)) return json;
  return json.replace(LINE_ENDS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Escapes them in the body of an event stream; other responses are returned as they are. */
export function escapeEvents(answer: Response): Response {
  const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (!isStream || answer.body === null) return answer;
  const escaped = answer.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TransformStream<string, string>({ transform: (text, to) => to.enqueue(escapeLineEnds(text)) }))
    .pipeThrough(new TextEncoderStream());
  return new Response(escaped, answer);
}
