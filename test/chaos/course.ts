/** One call of a stubborn client, and how it went so far. */
import type { SeenEvent } from "./sse-events.ts";

/** How a call went, as its client saw it. */
export interface Course {
  readonly name: string;
  readonly count: number;
  readonly events: readonly SeenEvent[];
  readonly session: string;
  readonly firstId: string;
  readonly resumptions: number;
  /** Requests that brought no event before their connection ended, and were sent again under another name. */
  readonly unaccepted: readonly string[];
}

/** What is asked of the tool. */
export interface Asked {
  readonly name: string;
  readonly count: number;
  readonly delayMs: number;
}

/** A call that may have to be sent again, or resumed, before it is over. */
export interface OpenCall {
  readonly asked: Asked;
  readonly session: string;
  readonly events: SeenEvent[];
  readonly unaccepted: string[];
  firstId: string;
  lastId: string;
  resumptions: number;
}

/** A call that has not been sent yet. */
export function openCall(asked: Asked, session: string): OpenCall {
  return { asked, session, events: [], unaccepted: [], firstId: "", lastId: "", resumptions: 0 };
}

/** The name that the call goes by now. */
export function nameNow({ asked, unaccepted }: OpenCall): string {
  return `${asked.name}-${unaccepted.length}`;
}

/**
 * Remembers an event. Where it has no id, Redis was away when the call began: it cannot be resumed, and its client
 * knows.
 */
export function remember(call: OpenCall, { id, data }: SeenEvent): void {
  if (id !== "") {
    call.firstId ||= id;
    call.lastId = id;
  }
  if (data !== "") call.events.push({ id, data });
}

/** Takes the call for one that was not accepted: it will be sent under another name. */
export function giveUpName(call: OpenCall): void {
  call.unaccepted.push(nameNow(call));
  call.events.length = 0;
}

/** How a call went that is over. */
export function courseOf(call: OpenCall): Course {
  const { asked, session, events, firstId, resumptions, unaccepted } = call;
  return { name: nameNow(call), count: asked.count, events, session, firstId, resumptions, unaccepted };
}
