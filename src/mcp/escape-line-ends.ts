/**
 * Some readers of lines take U+0085, U+2028 and U+2029 for the end of one. In JSON they can only stand in strings, so
 * there they are written as escapes.
 */
const LINE_ENDS = /[\u0085\u2028\u2029]/g;
const ANY = /[\u0085\u2028\u2029]/;

export function escapeLineEnds(json: string): string {
  if (!ANY.test(json)) return json;
  return json.replace(LINE_ENDS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The answer, with the events of a stream written so; any other answer as it is. */
export function escapeEvents(answer: Response): Response {
  const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (!isStream || answer.body === null) return answer;
  const escaped = answer.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TransformStream<string, string>({ transform: (text, to) => to.enqueue(escapeLineEnds(text)) }))
    .pipeThrough(new TextEncoderStream());
  return new Response(escaped, answer);
}
