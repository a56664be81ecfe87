/** What is wrong with how a call went; nothing may be. */
import type { Course } from "./course.ts";
import type { SeenEvent } from "./sse-events.ts";

export type Ending = "result" | "outcome unknown" | "wrong";

interface Message {
  readonly id?: string;
  readonly method?: string;
  readonly params?: { readonly progress?: number };
  readonly result?: { readonly content?: readonly { readonly text?: string }[] };
  readonly error?: { readonly data?: { readonly outcome?: string; readonly checkWith?: string } };
}

export interface Verdict {
  readonly ending: Ending;
  readonly faults: readonly string[];
}

/** `runs`: how often the tool ran for each name. */
export function judge({ name, count, events, firstId }: Course, runs: ReadonlyMap<string, number>): Verdict {
  const faults: string[] = [];
  const messages = events.map(({ data }) => JSON.parse(data) as Message);
  const ids = events.map(({ id }) => id).filter((id) => id !== "");
  if (new Set(ids).size !== ids.length) faults.push("an event came twice");
  const steps = messages.flatMap(({ params }) => params?.progress ?? []);
  steps.forEach((step, index) => {
    if (step !== index + 1) faults.push(`step ${step} came as the ${index + 1}th`);
  });
  const answers = messages.filter((message) => message.method === undefined);
  const last = messages.at(-1);
  if (answers.length !== 1 || answers[0] !== last || last?.id !== name) faults.push("not ended by its one answer");
  if ((runs.get(name) ?? 0) > 1) faults.push("it ran twice");
  if (last?.result !== undefined) {
    if (steps.length !== count) faults.push(`${count - steps.length} steps are lost`);
    if (last.result.content?.[0]?.text !== JSON.stringify({ name, count })) faults.push("the result is another one");
    return { ending: "result", faults };
  }
  const unknown = last?.error?.data?.outcome === "unknown" && last.error.data.checkWith === "get_stream";
  if (!unknown) faults.push(`an error that is not the explicit one: ${JSON.stringify(last)}`);
  if (firstId === "") faults.push("an unkept call ended with an error");
  return { ending: unknown ? "outcome unknown" : "wrong", faults };
}

/**
 * What is kept must be what the client saw. Where the instance died before the store had all of it (with Redis away, or
 * between the client's socket and the store), it is the beginning, and then the explicit error.
 */
export function judgeReplay(
  { events }: Course,
  replayed: readonly SeenEvent[],
): { readonly cutShort: boolean; readonly faults: readonly string[] } {
  const seen = events.map(({ id, data }) => `${id} ${data}`);
  const kept = replayed.map(({ id, data }) => `${id} ${data}`);
  if (kept.join("\n") === seen.join("\n")) return { cutShort: false, faults: [] };
  const last = replayed.at(-1) as SeenEvent;
  const unknown = (JSON.parse(last.data) as Message).error?.data?.outcome === "unknown";
  const beginning = kept.slice(0, -1).every((event, index) => event === seen[index] && index < seen.length - 1);
  return {
    cutShort: true,
    faults: unknown && beginning ? [] : [`what is kept is not what was sent: ${difference(seen, kept)}`],
  };
}

function difference(sent: readonly string[], kept: readonly string[]): string {
  const at = sent.findIndex((event, index) => event !== kept[index]);
  return `${sent.length} sent, ${kept.length} kept, first ${sent[at]} and ${kept[at]}`;
}
