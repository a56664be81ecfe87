/** What a client reads from an answer: its events, or one body as an event without a name. */
import type { IncomingMessage } from "node:http";

export interface SeenEvent {
  readonly id: string;
  readonly data: string;
}

/** The whole body of an answer. */
export async function bodyOf(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of response.setEncoding("utf8")) text += piece as string;
  return text;
}

/** The events of an answer, as they come. */
export async function* readEvents(response: IncomingMessage): AsyncGenerator<SeenEvent> {
  if (!String(response.headers["content-type"]).startsWith("text/event-stream")) {
    const data = await bodyOf(response);
    if (data !== "") yield { id: "", data };
    return;
  }
  let text = "";
  for await (const piece of response.setEncoding("utf8")) {
    text += piece as string;
    for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
      const event = eventOf(text.slice(0, end));
      text = text.slice(end + 2);
      if (event.id !== "" || event.data !== "") yield event;
    }
  }
}

function eventOf(block: string): SeenEvent {
  const lines = block.split("\n");
  const of = (field: string) => lines.find((line) => line.startsWith(`${field}: `))?.slice(field.length + 2) ?? "";
  return { id: of("id"), data: of("data") };
}

/** Whether an event is the response, and not a notification before it. */
export function isResponse({ data }: SeenEvent): boolean {
  return data !== "" && !("method" in (JSON.parse(data) as object));
}
