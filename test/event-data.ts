/** What a stream of server-sent events held, once it has ended. */

/** The data of each event that has some, as JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- messages of any shape are looked at
export function eventData(text: string): any[] {
  return [...text.matchAll(/^data: (.+)$/gm)].map(([, data = ""]) => JSON.parse(data) as unknown);
}

/** The one message of an answer that is JSON, or a stream's first. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- messages of any shape are looked at
export function firstMessage(text: string): any {
  return eventData(text)[0] ?? JSON.parse(text);
}
